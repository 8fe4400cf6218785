"""The passages that a result shows and what lights up in them, a second time: written from
kwic-query(7), its sections CLAUSES AND HIGHLIGHTS and PASSAGES."""

import itertools

from evaluate import Additions, bm25, idf

K1, B, OWN, TITLED = 0.3, 0.5, 2, 0.25  # of passages


class Shown:
    """What is shown of one document that a query found."""

    def __init__(self, collection, root, ranking, document):
        self.collection = collection
        self.ranking = ranking
        self.document = document
        self.characters = Additions(root, ranking).characters if root else []
        self.places = []  # (number of the leaf, leaf, first passage, last passage, span, lights)
        for order, leaf in enumerate(collection.contributing(root, document)):
            if leaf.field == "":
                self.places += self.places_of(order, leaf)

    def places_of(self, order, leaf):
        return [(order, leaf, self.passage_of(first), self.passage_of(last), (first, last), lights)
                for first, last, lights in self.collection.occurrences(leaf, self.document)]

    def passage_of(self, position):
        """The passage of a position at which a token stands; None in the title."""
        return self.document.passage_at.get(position)

    def choices(self, limit):
        """The passages to show: (candidates, chosen), where candidates are (score, clauses, passage,
        what the score is made of) and chosen are (first, last), best first."""
        if not self.document.passages:
            return [], [(None, None)]
        reach = {number: [number, number] for number in range(len(self.document.passages))}
        inside = {}  # number of the leaf -> its places in the text
        for place in self.places:
            if place[2] is not None:
                inside.setdefault(place[0], []).append(place)
        for _, _, begins, ends, *_ in itertools.chain(*inside.values()):
            for number in range(begins, ends + 1):
                reach[number][0] = min(reach[number][0], begins)
                reach[number][1] = max(reach[number][1], ends)
        numbers = sorted({place[2] for places in inside.values() for place in places})
        for leaf in self.characters:
            order = 1 + max(inside, default=0)
            inside[order] = [place for place in self.places_of(order, leaf) if place[2] is not None]
        candidates = [self.candidate(number, inside) for number in numbers]
        candidates.sort(key=lambda one: (-one[0], -one[1], one[2]))
        chosen = []
        for _, _, number, _ in candidates:
            first, last = reach[number]
            if not any(shown[0] <= first and last <= shown[1] for shown in chosen):
                chosen.append((first, last))
        if limit:
            chosen = chosen[:limit]
        return candidates, chosen or [(0, 0)]

    def candidate(self, number, inside):
        """A passage as a candidate."""
        passages = self.document.passages
        count = sum(words > 0 for _, words in passages)
        average = sum(words for _, words in passages) / count
        score = 0.0
        clauses = set()
        profile = [passages[number][1]]
        for order, begins in sorted(inside.items()):
            tf = len({place[4] for place in begins if place[2] == number})
            if tf:
                leaf = begins[0][1]
                weight = self.collection.idf(leaf.matcher, leaf.field)
                weight += OWN * idf(count, len({place[2] for place in begins}))
                weight *= leaf.boost * self.ranking.repeats(leaf)
                if any(place[2] is None for place in self.places_of(order, leaf)):
                    weight *= TITLED
                score += bm25(weight, tf, passages[number][1], average, K1, B)
                clauses.add(leaf.clause)
                profile.append((order, tf))
        return score, len(clauses - {None}), number, profile

    def highlights(self, first, last, start):
        """[from, to, clause] of what lies wholly in the passages first..last, which begin at the
        byte `start` of the text."""
        found = set()
        for _, leaf, _, _, _, lights in self.places:
            for begin, end in lights:
                if begin[5] is not None and first <= begin[5] and end[5] <= last:
                    found.add((begin[1] - start, end[2] - start, leaf.clause))
        return [list(one) for one in sorted(found, key=lambda one: (one[0], -one[1], one[2]))]
