#!/usr/bin/env python3
"""Holds kwic's searches in databases of notmuch, mu, Recoll and Omega to what these find themselves.

Each program that is installed indexes the same mails and files, and answers the same questions; the
sets of documents have to be equal. What is missing is skipped, and said so."""

import email.message
import email.utils
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

WORDS = '''river market invoice meeting project deadline running runner ran system network kernel
    release patch review garden music concert travel train station résumé café naïve straße weather
    report summary budget quarter analysis database search engine ranking index passage query
    language'''.split()
PEOPLE = [('Alice Liddell', 'alice@example.com'), ('Bob Stone', 'bob@example.org'),
          ('Carla Müller', 'carla.mueller@mail.example.de'), ('Dmitri Ivanov', 'dmitri@example.ru')]
ODD = ("Write to bob@example.org or see https://example.com/a-b_c?x=1 today; AT&T, C++ and U.S.A. "
       "cost 3.14.")


def write_mails(folder, count):
    chance = random.Random(5)
    for name in ('cur', 'new', 'tmp'):
        os.makedirs(os.path.join(folder, name))
    for i in range(count):
        mail = email.message.EmailMessage()
        sentences = [' '.join(chance.choice(WORDS) for _ in range(9)).capitalize() + '.'
                     for _ in range(12)]
        mail['From'] = email.utils.formataddr(chance.choice(PEOPLE))
        mail['To'] = email.utils.formataddr(chance.choice(PEOPLE))
        mail['Subject'] = ' '.join(chance.choice(WORDS) for _ in range(4)).capitalize()
        mail['Date'] = email.utils.formatdate(1600000000 + i * 86400)
        mail['Message-ID'] = f'<m{i}@example.com>'
        text = ' '.join(sentences) + ('\n\n' + ODD if i % 3 == 2 else '') + '\n'
        mail.set_content(text, charset='iso-8859-1' if i % 3 == 1 else 'utf-8')
        if i % 3 == 0:
            mail.add_alternative(f'<html><body><p>{text}</p></body></html>', subtype='html')
        with open(os.path.join(folder, 'cur', f'{i}.host:2,S'), 'wb') as file:
            file.write(mail.as_bytes())


def write_files(folder):
    chance = random.Random(6)
    os.makedirs(os.path.join(folder, 'sub'))
    for i in range(30):
        text = ' '.join(chance.choice(WORDS) for _ in range(15)).capitalize() + '. '
        if i % 2:
            content = ('<html><head><meta charset="utf-8"><title>Page ' + chance.choice(WORDS)
                       + f'</title><meta name="author" content="Jane Doe"></head><body><p>{text}'
                       + ('C++ and U.S.A.; don\'t mail jane@example.com.' if i % 3 == 0 else '')
                       + '</p></body></html>')
            name = f'sub/page{i}.html'
        else:
            content, name = text * 3, f'note{i}.txt'
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
            file.write(content + '\n')


def run(*command, **options):
    return subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, **options)


def kwic(where, query, *options):
    """The ids that kwic finds, or what it complains of."""
    found = run(os.environ.get('KWIC', 'kwic'), 'search', '-q', '--all', '--format', 'jsonl', '-n',
                '100000', '-i', where, *options, '--', query)
    if found.returncode > 1 or found.stderr:
        return found.stderr
    results = (json.loads(line) for line in found.stdout.splitlines())
    return {result['doc'] for result in results if 'doc' in result}


class Notmuch:
    needs = ['notmuch']
    queries = [
        'river', 'runs', 'running', '"river market"', 'subject:invoice', 'from:alice',
        'from:alice@example.com', 'from:bob@example.org river', 'tag:work', 'tag:inbox summary',
        'tag:work -river', 'mimetype:html', 'plain', 'alice', 'carla.mueller', 'résumé', 'resume',
        'naïve', 'straße', 'AT&T', 'c++', 'u.s.a.', '3.14', 'to:"bob stone"',
        'subject:"market query"', 'id:m7@example.com', 'example.com',
        'https://example.com/a-b_c?x=1', 'date:2020-10-01..2020-10-31', 'bo*',
        ('river or concert', 'river OR concert'), ('not river', '-river'),
        ('river near market', 'river NEAR/10 market')]

    def __init__(self, folder):
        with open('notmuch.cfg', 'w', encoding='utf-8') as file:
            file.write(f'[database]\npath={folder}/mail\n[user]\nname=T\n'
                       'primary_email=t@example.com\n[new]\ntags=unread;inbox\n')
        os.environ['NOTMUCH_CONFIG'] = f'{folder}/notmuch.cfg'
        run('notmuch', 'new')
        run('notmuch', 'tag', '+work', '-inbox', '--', 'subject:invoice')
        self.where = f'xapian:{folder}/mail/.notmuch/xapian'
        self.options = []

    def find(self, query):
        found = run('notmuch', 'search', '--output=messages', query).stdout
        return {line[len('id:'):] for line in found.splitlines()}


class Mu:
    needs = ['mu']
    queries = [
        'river', 'running', '"river market"', 'subject:invoice', 'from:alice', 'alice', 'résumé',
        'resume', 'naive', 'straße', 'AT&T', 'c++', 'maildir:/', 'body:river', 'carla', 'müller',
        'date:2020-10-01..2020-10-31', 'bo*', ('from:bob@example.org', 'sender:bob@example.org'),
        ('flag:seen', 'flag:s'), ('river or concert', 'river OR concert'), ('not river', '-river')]

    def __init__(self, folder):
        self.home, self.mail = f'{folder}/mu', f'{folder}/mail/'
        run('mu', 'init', f'--maildir={folder}/mail', f'--muhome={self.home}',
            '--my-address=t@example.com')
        run('mu', 'index', f'--muhome={self.home}')
        self.where = f'xapian:{self.home}/xapian'
        self.options = []

    def find(self, query):
        found = run('mu', 'find', f'--muhome={self.home}', '--fields', 'l', query).stdout
        return {line.removeprefix(self.mail) for line in found.splitlines()}


class Recoll:
    needs = ['recollindex', 'recollq']
    # A capital at a word's front asks Recoll for the word as it is.
    queries = [
        'River', 'Running', '"river market"', 'title:River', 'author:Jane', 'ext:html',
        'mime:text/html', 'Résumé', 'Resume', 'Naive', 'Straße', 'Strasse', 'AT&T', 'C++',
        'Example.com', 'jane@example.com', 'filename:page1.html', 'dir:files', 'dir:files/sub',
        'Market -River', 'U.S.A', 'Govern*']

    def __init__(self, folder):
        os.mkdir('recoll')
        with open('recoll/recoll.conf', 'w', encoding='utf-8') as file:
            file.write(f'topdirs = {folder}/files {folder}/mail\nloglevel = 1\n')
        run('recollindex', '-c', f'{folder}/recoll')
        self.configuration = f'{folder}/recoll'
        self.where = f'xapian:{folder}/recoll/xapiandb'
        self.options = []

    def find(self, query):
        found = run('recollq', '-c', self.configuration, '-q', '-b', '-n', '100000', query).stdout
        return {line.removeprefix('file://') for line in found.splitlines()
                if line.startswith('file://')}


class Omega:
    needs = ['omindex', 'quest']
    queries = [
        'river', 'running', 'runs', '"river market"', 'title:rivers', 'author:jane', 'ext:html',
        'mime:text/html', 'page', 'résumé', 'naïve', 'Example.com', 'C++', 'U.S.A.',
        'jane@example.com', 'note4', 'market -river', "don't", 'mark*', 'river OR market']

    def __init__(self, folder):
        run('omindex', '--db', f'{folder}/omega', '--url', '/', f'{folder}/files')
        self.database = f'{folder}/omega'
        self.where = f'xapian:{self.database}'
        self.options = ['--schema', 'omega']

    def find(self, query):
        found = run('quest', '-d', self.database, '-m', '100000', '-o', 'and', '-p', ':', '-p',
                    ':S', '-p', ':B', '-p', ':F', '-p', 'title:S', '-p', 'author:A', '-b', 'ext:E',
                    '-b', 'mime:T', '-f', 'default,wildcard', query).stdout
        return {line[len('url='):] for line in found.splitlines() if line.startswith('url=')}


def compare(program):
    """How many questions were answered, and what differs."""
    differences, found = [], 0
    for query in program.queries:
        theirs, ours = query if isinstance(query, tuple) else (query, query)
        wanted, got = program.find(theirs), kwic(program.where, ours, *program.options)
        found += len(wanted)
        if isinstance(got, str):
            differences.append(f'{ours}: {got}')
        elif wanted != got:
            differences.append(f'{ours}: {len(wanted)} wanted, {len(got)} found; missing '
                               f'{sorted(wanted - got)[:3]}, too many {sorted(got - wanted)[:3]}')
    if not found:
        differences.append('the program finds nothing at all')
    return differences


def main():
    failed = False
    if not os.path.exists(os.path.join(os.environ.get('KWIC_HELPERS', ''), 'kwic-xapian.so')):
        print('foreign.py: skipped: there is no module for Xapian databases')
        return 77
    with tempfile.TemporaryDirectory(prefix='kwic-foreign.') as folder:
        folder = os.path.realpath(folder)
        os.chdir(folder)
        os.environ['HOME'] = folder
        write_mails(f'{folder}/mail', 60)
        write_files(f'{folder}/files')
        for kind in (Notmuch, Mu, Recoll, Omega):
            name = kind.__name__.lower()
            missing = [need for need in kind.needs if not shutil.which(need)]
            if missing:
                print(f'foreign.py: {name} SKIPPED: {", ".join(missing)} is not installed')
                continue
            differences = compare(kind(folder))
            print(f'foreign.py: {name}: {len(kind.queries)} queries, '
                  f'{len(differences)} differences')
            for difference in differences:
                print(f'    {difference}')
            failed = failed or bool(differences)
        os.chdir('/')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
