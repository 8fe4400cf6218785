//! Tantivy behind the protocol of tools/bench/run (see tools/bench/kwic_serve.c): one field with
//! positions and its text stored, one merged segment, BM25 as Tantivy has it.

use std::fs::{create_dir, File};
use std::io::{stdin, stdout, BufRead, BufReader, Write};
use std::time::Instant;

use tantivy::collector::{Count, TopDocs};
use tantivy::indexer::NoMergePolicy;
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions, Value, STORED,
};
use tantivy::{Index, IndexSettings, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

const BETWEEN: &str = "\",\"text\":\"";
const MEMORY: usize = 256_000_000;

fn build(corpus: &str, place: &str, threads: usize) -> tantivy::Result<()> {
    let mut schema = Schema::builder();
    let words = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let id = schema.add_text_field("id", STORED);
    let options = TextOptions::default().set_stored().set_indexing_options(words);
    let text = schema.add_text_field("text", options);
    create_dir(place)?;
    let settings = IndexSettings {
        docstore_compress_dedicated_thread: threads > 1,
        ..IndexSettings::default()
    };
    let index = Index::builder().schema(schema.build()).settings(settings).create_in_dir(place)?;
    let mut writer: IndexWriter = index.writer_with_num_threads(threads, MEMORY)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    for line in BufReader::new(File::open(corpus)?).lines() {
        let line = line?;
        let cut = line.find(BETWEEN).unwrap();
        let mut document = TantivyDocument::default();
        document.add_text(id, &line[7..cut]);
        document.add_text(text, &line[cut + BETWEEN.len()..line.len() - 2]);
        writer.add_document(document)?;
    }
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.garbage_collect_files().wait()?;
    writer.wait_merging_threads()
}

fn parse(text: &str, field: Field) -> Box<dyn Query> {
    let term = |word: &str| Term::from_field_text(field, word);
    if let Some(rest) = text.strip_prefix('"') {
        return Box::new(PhraseQuery::new(rest[..rest.len() - 1].split(' ').map(term).collect()));
    }
    let clause = |part: &str| -> (Occur, Box<dyn Query>) {
        let (occur, word) = match part.as_bytes()[0] {
            b'+' => (Occur::Must, &part[1..]),
            b'-' => (Occur::MustNot, &part[1..]),
            _ => (Occur::Should, part),
        };
        (occur, Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)))
    };
    Box::new(BooleanQuery::new(text.split(' ').map(clause).collect()))
}

fn answer(searcher: &Searcher, command: &str, query: &dyn Query) -> tantivy::Result<String> {
    if command == "COUNT" {
        return Ok(query.count(searcher)?.to_string());
    }
    let k = command.split('_').nth(1).unwrap().parse().unwrap();
    let best = TopDocs::with_limit(k).order_by_score();
    if command.ends_with("_COUNT") {
        let (_, count) = searcher.search(query, &(best, Count))?;
        return Ok(count.to_string());
    }
    let top = searcher.search(query, &best)?;
    if !command.starts_with("IDS_") {
        return Ok(top.len().to_string());
    }
    let id = searcher.schema().get_field("id")?;
    let mut ids = Vec::new();
    for (_, address) in top {
        let document: TantivyDocument = searcher.doc(address)?;
        ids.push(document.get_first(id).unwrap().as_str().unwrap().to_string());
    }
    Ok(ids.join(" "))
}

fn serve(place: &str) -> tantivy::Result<()> {
    let index = Index::open_in_dir(place)?;
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let searcher = reader.searcher();
    let field = searcher.schema().get_field("text")?;
    for line in stdin().lock().lines() {
        let line = line?;
        let start = Instant::now();
        let (command, query) = line.split_once('\t').unwrap();
        let found = answer(&searcher, command, parse(query, field).as_ref())?;
        let taken = start.elapsed().as_nanos();
        writeln!(stdout(), "{found}\t{taken}")?;
        stdout().flush()?;
    }
    Ok(())
}

fn main() -> tantivy::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    match words[..] {
        ["build", corpus, index, threads] => build(corpus, index, threads.parse().unwrap()),
        ["serve", index] => serve(index),
        _ => panic!("usage: bench build CORPUS INDEX THREADS | bench serve INDEX"),
    }
}
