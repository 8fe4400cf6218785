/* Tests of guessing a text's language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stemmers/guess.h"
#include "stemmers/language.h"
#include "tests/unit/random_text.h"

#include <stdlib.h>

static const char *code_of(struct kw_view text)
{
    const struct kw_known_language *language = kw_known_language(kw_guess_language(text));

    return language ? language->code : "unknown";
}

static const char *guess(const char *text)
{
    return code_of(kw_view_of(text));
}

struct example {
    const char *code;
    const char *text;
};

static void assert_examples(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(guess(examples[i].text), examples[i].code) != 0)
            fail_msg("%s instead of %s: %s", guess(examples[i].text), examples[i].code,
                     examples[i].text);
}

#define assert_all(examples) assert_examples(examples, sizeof examples / sizeof *examples)

static void germanic_languages_are_told_apart(void **state)
{
    static const struct example examples[] = {
        {"en", "We walked along the river for an hour before it began to rain."},
        {"de", "Wir gingen eine Stunde am Fluss entlang, bevor es zu regnen anfing."},
        {"nl", "We liepen een uur langs de rivier voordat het begon te regenen."},
        {"sv", "Vi gick längs floden i en timme innan det började regna."},
        {"da",
         "Vi gik langs floden i en time, før det begyndte at regne, og så tog vi af sted igen."},
        {"no",
         "Vi gikk langs elva i en time før det begynte å regne, og så dro vi av gårde igjen."},
        {"nn", "Vi gjekk langs elva ein time før det byrja å regne, og eg veit ikkje kvifor."},
    };

    (void)state;
    assert_all(examples);
}

static void romance_and_celtic_languages_are_told_apart(void **state)
{
    static const struct example examples[] = {
        {"fr", "Nous avons marché le long de la rivière avant qu'il ne commence à pleuvoir."},
        {"es", "Caminamos por la orilla del río durante una hora antes de que empezara a llover."},
        {"pt", "Caminhamos ao longo do rio durante uma hora antes que começasse a chover."},
        {"gl", "Camiñamos pola beira do río durante unha hora antes de que comezase a chover."},
        {"ca", "Vam caminar per la vora del riu durant una hora abans que comencés a ploure."},
        {"it", "Abbiamo camminato lungo il fiume per un'ora prima che cominciasse a piovere."},
        {"ro", "Am mers de-a lungul râului o oră înainte să înceapă să plouă și ne-am întors."},
        {"ga", "Shiúil muid cois na habhann ar feadh uaire sular thosaigh sé ag cur báistí."},
    };

    (void)state;
    assert_all(examples);
}

static void slavic_and_baltic_languages_are_told_apart(void **state)
{
    static const struct example examples[] = {
        {"pl", "Szliśmy wzdłuż rzeki przez godzinę, zanim zaczęło padać, ale nie było zimno."},
        {"cs", "Šli jsme hodinu podél řeky, než začalo pršet, ale nebyla zima."},
        {"sk", "Išli sme hodinu popri rieke, kým nezačalo pršať, ale nebola zima."},
        {"sl", "Hodili smo ob reki eno uro, preden je začelo deževati, vendar ni bilo mrzlo."},
        {"sh", "Hodali smo uz reku jedan sat pre nego što je počela kiša, ali nije bilo hladno."},
        {"sr", "Ходали смо уз реку један сат пре него што је почела киша, али није било хладно."},
        {"ru", "Мы шли вдоль реки целый час, пока не начался дождь, но было не холодно."},
        {"uk", "Ми йшли вздовж річки цілу годину, доки не почався дощ, але було не холодно."},
        {"bg", "Вървяхме край реката цял час, преди да завали дъжд, но не беше студено."},
        {"lt", "Mes ėjome palei upę visą valandą, kol pradėjo lyti, bet nebuvo šalta."},
        {"lv", "Mēs gājām gar upi veselu stundu, līdz sāka līt, bet nebija auksti."},
    };

    (void)state;
    assert_all(examples);
}

static void other_languages_in_latin_letters_are_told_apart(void **state)
{
    static const struct example examples[] = {
        {"fi", "Kävelimme joen vartta tunnin ajan ennen kuin alkoi sataa, mutta ei ollut kylmä."},
        {"et",
         "Me kõndisime tund aega mööda jõe kallast, enne kui hakkas sadama, aga külm ei olnud."},
        {"hu", "Egy órán át sétáltunk a folyó mentén, mielőtt eleredt az eső, de nem volt hideg."},
        {"tr",
         "Yağmur başlamadan önce bir saat boyunca nehir kıyısında yürüdük ama hava soğuk değildi."},
        {"eu", "Ordubete ibili ginen ibaiaren ertzetik euria hasi baino lehen, baina ez zen hotzik "
               "egin."},
        {"id",
         "Kami berjalan di tepi sungai selama satu jam sebelum hujan turun, tetapi tidak dingin."},
        {"vi", "Chúng tôi đi dọc bờ sông một giờ trước khi trời bắt đầu mưa, nhưng không lạnh."},
    };

    (void)state;
    assert_all(examples);
}

static void scripts_tell_languages_apart(void **state)
{
    static const struct example examples[] = {
        {"el", "Περπατήσαμε μια ώρα δίπλα στο ποτάμι πριν αρχίσει να βρέχει."},
        {"he", "הלכנו שעה לאורך הנהר לפני שהתחיל לרדת גשם."},
        {"ar", "مشينا على طول النهر لمدة ساعة قبل أن يبدأ المطر."},
        {"fa", "پیش از آنکه باران شروع شود یک ساعت در کنار رودخانه راه رفتیم."},
        {"hi", "बारिश शुरू होने से पहले हम एक घंटे तक नदी के किनारे चलते रहे।"},
        {"ta", "மழை தொடங்கும் முன் நாங்கள் ஒரு மணி நேரம் ஆற்றங்கரையில் நடந்தோம்."},
        {"hy", "Մենք մեկ ժամ քայլեցինք գետի ափով, մինչև անձրևը սկսվեց։"},
        {"th", "เราเดินเลียบแม่น้ำหนึ่งชั่วโมงก่อนฝนจะตก"},
        {"ko", "비가 오기 전에 우리는 한 시간 동안 강가를 걸었다."},
        {"zh", "下雨之前，我们沿着河走了一个小时。"},
        {"zh", "下雨之前，我們沿著河走了一個小時。"},
        {"ja", "雨が降り出す前に、私たちは川沿いを一時間歩いた。"},
        {"ja", "コンピュータの設定"},
    };

    (void)state;
    assert_all(examples);
}

static void capitals_make_no_difference(void **state)
{
    static const struct example examples[] = {
        {"de", "WIR GINGEN ÜBER DIE BRÜCKE, UND DANN WAREN WIR AUF DER ANDEREN SEITE"},
        {"fr", "ELLE ÉTAIT DÉJÀ LÀ QUAND NOUS SOMMES ARRIVÉS À LA GARE"},
        {"cs", "ŽE BY TO MOHLO BÝT TAK, JAK ŘÍKÁ, PROTOŽE UŽ JE POZDĚ"},
        {"ru", "ОНА БЫЛА УЖЕ ТАМ, КОГДА МЫ ПРИШЛИ НА ВОКЗАЛ"},
        {"el", "ΑΥΤΟ ΕΙΝΑΙ ΤΟ ΒΙΒΛΙΟ ΠΟΥ ΔΙΑΒΑΖΩ"},
        {"vi", "CHÚNG TÔI KHÔNG BIẾT ĐIỀU ĐÓ TRƯỚC KHI ĐẾN ĐÂY"},
    };

    (void)state;
    assert_all(examples);
}

static void what_says_nothing_is_unknown(void **state)
{
    static const struct example examples[] = {
        {"unknown", ""},
        {"unknown", " \t\n\n"},
        {"unknown", "12.5 300 7,000 -4 2008-05-12 17:45 +49 30 901820"},
        {"unknown", "0f3a9c 77be01 deadbeef a9d8c7 44ff00 cafe01 99aabb"},
        {"unknown", "QmFzZTY0IGlzIG5vIGxhbmd1YWdl/+8xZmQ5Y2I3ZTQ0MTBhOGQ2ZmE5"},
        {"unknown", "static int x1(char *p, size_t n) { p[n++] = q->len; memcpy(p, q, n); }"},
        {"unknown", "https://www.example.org/the/and/of/this/that.html"},
        {"unknown", "ok"},
        {"unknown", "ლამაზი დღეა და ჩვენ მდინარესთან ვართ"},
    };

    (void)state;
    assert_all(examples);
}

static void addresses_say_nothing_of_the_language_around_them(void **state)
{
    (void)state;
    assert_string_equal(
        guess("Schreiben Sie bitte an die.of.the@and.com oder auf www.for.this.with."
              "com, wenn etwas nicht geht."),
        "de");
}

static void the_larger_part_of_a_mixed_text_decides(void **state)
{
    static const struct example examples[] = {
        {"ja",
         "int main(void) { return 0; } は、プログラムの最初の関数です。printf で表示します。"},
        {"ru", "Функция CreateFile открывает файл и возвращает HANDLE, если это возможно."},
        {"en", "The Russian word привет means hello, and it is what you say to a friend."},
        {"en", "The dish is called Käsespätzle, and we had it at the Gasthof Müller."},
    };

    (void)state;
    assert_all(examples);
}

static void soft_hyphens_and_joiners_do_not_part_words(void **state)
{
    (void)state;
    assert_string_equal(guess("Wir ging\xC2\xAD"
                              "en ei\xC2\xADne Stun\xC2\xAD"
                              "de am Fluss und wa\xC2\xADren da\xC2\xADnach mü\xC2\xAD"
                              "de."),
                        "de");
}

/* A text that is long enough to be judged by samples: `first` once, then `rest` many times. */
static char *long_text(const char *first, const char *rest)
{
    size_t size = strlen(first), more = strlen(rest), times = 20000 / more;
    char *text = malloc(size + times * more + 1);

    assert_non_null(text);
    memcpy(text, first, size);
    for (size_t i = 0; i < times; i++)
        memcpy(text + size + i * more, rest, more);
    text[size + times * more] = '\0';
    return text;
}

static void a_long_text_is_judged_by_all_of_it(void **state)
{
    char *text = long_text("This file is in the public domain, and you may do with it what you "
                           "want. It was made by many people over many years.\n",
                           "Жили-были старик со старухой, и было у них три сына. ");

    (void)state;
    assert_string_equal(guess(text), "ru");
    free(text);
}

static void a_cut_anywhere_in_a_long_text_does_no_harm(void **state)
{
    char *text = long_text("", "Η γλώσσα είναι το σπίτι μας και δεν την αλλάζουμε. ");
    size_t size = strlen(text);

    (void)state;
    for (size_t less = 0; less < 40; less++)
        assert_string_equal(code_of((struct kw_view){(const uint8_t *)text, size - less}), "el");
    free(text);
}

static void any_bytes_give_some_answer(void **state)
{
    uint64_t seed = 1;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        size_t size = (size_t)(round * 7 % 9000);
        uint8_t *bytes = malloc(size + 1);
        int language;

        assert_non_null(bytes);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)(random_next(&seed) >> 56);
        language = kw_guess_language((struct kw_view){bytes, size});
        assert_true(language >= KW_UNKNOWN_LANGUAGE && language < KW_KNOWN_LANGUAGES);
        free(bytes);
    }
}

static void every_known_language_has_its_facts(void **state)
{
    (void)state;
    for (int i = 0; i < KW_KNOWN_LANGUAGES; i++) {
        const struct kw_known_language *language = kw_known_language(i);

        assert_non_null(language);
        assert_int_equal(strlen(language->code), 2);
        assert_int_equal(kw_known_language_find(language->code), i);
        assert_string_equal(kw_known_language(kw_known_language_find(language->name))->name,
                            language->name);
        if (language->stemmer)
            assert_string_equal(kw_language_find(language->stemmer), language->stemmer);
    }
    assert_null(kw_known_language(KW_UNKNOWN_LANGUAGE));
    assert_null(kw_known_language(KW_KNOWN_LANGUAGES));
}

static void languages_are_found_by_name_and_code(void **state)
{
    (void)state;
    assert_string_equal(kw_known_language(kw_known_language_find("German"))->code, "de");
    assert_string_equal(kw_known_language(kw_known_language_find("ZH"))->name, "chinese");
    assert_null(kw_known_language(kw_known_language_find("zh"))->stemmer);
    assert_string_equal(kw_known_language(kw_known_language_find("norwegian"))->code, "no");
    assert_int_equal(kw_known_language_find("klingon"), KW_UNKNOWN_LANGUAGE);
    assert_int_equal(kw_known_language_find(""), KW_UNKNOWN_LANGUAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(germanic_languages_are_told_apart),
        cmocka_unit_test(romance_and_celtic_languages_are_told_apart),
        cmocka_unit_test(slavic_and_baltic_languages_are_told_apart),
        cmocka_unit_test(other_languages_in_latin_letters_are_told_apart),
        cmocka_unit_test(scripts_tell_languages_apart),
        cmocka_unit_test(capitals_make_no_difference),
        cmocka_unit_test(what_says_nothing_is_unknown),
        cmocka_unit_test(addresses_say_nothing_of_the_language_around_them),
        cmocka_unit_test(the_larger_part_of_a_mixed_text_decides),
        cmocka_unit_test(soft_hyphens_and_joiners_do_not_part_words),
        cmocka_unit_test(a_long_text_is_judged_by_all_of_it),
        cmocka_unit_test(a_cut_anywhere_in_a_long_text_does_no_harm),
        cmocka_unit_test(any_bytes_give_some_answer),
        cmocka_unit_test(every_known_language_has_its_facts),
        cmocka_unit_test(languages_are_found_by_name_and_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
