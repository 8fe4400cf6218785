# What --field does not take.
kwic index --field year data
kwic index --field :date data
kwic index --field year:integer data
kwic index --field title:keyword data
