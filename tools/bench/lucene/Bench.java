// Lucene behind the protocol of tools/bench/run (see tools/bench/kwic_serve.c): one field with
// positions and its text stored, one merged segment, BM25 as Lucene has it. For tools/bench/passages
// text is as people write it, and PASSAGES_k marks the best passage of each document.

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.FSDirectory;

public class Bench {
  static final String BETWEEN = "\",\"text\":\"";

  public static void main(String[] arguments) throws Exception {
    Path index = Path.of(arguments[arguments.length > 2 ? 2 : 1]);
    Analyzer words = new WhitespaceAnalyzer();
    Analyzer text = new StandardAnalyzer();
    switch (arguments[0]) {
      case "build" -> build(arguments, index, words, false);
      case "build-best" -> build(arguments, index, words, true);
      case "build-text" -> build(arguments, index, text, false);
      case "serve" -> serve(index, words);
      case "serve-text" -> serve(index, text);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  static void build(String[] arguments, Path index, Analyzer analyzer, boolean best)
      throws Exception {
    Path corpus = Path.of(arguments[1]);
    int threads = Integer.parseInt(arguments[3]);
    IndexWriterConfig config = new IndexWriterConfig(analyzer);
    config.setRAMBufferSizeMB(256);
    config.setUseCompoundFile(false);
    if (best) {
      config.setCodec(new Lucene104Codec(Lucene104Codec.Mode.BEST_COMPRESSION));
    }
    if (threads == 1) {
      config.setMergeScheduler(new SerialMergeScheduler());
    }
    try (BufferedReader lines = Files.newBufferedReader(corpus);
        IndexWriter writer = new IndexWriter(FSDirectory.open(index), config)) {
      List<Thread> workers = new ArrayList<>();
      for (int i = 0; i < threads - 1; i++) {
        Thread worker = new Thread(() -> add(lines, writer));
        worker.start();
        workers.add(worker);
      }
      add(lines, writer);
      for (Thread worker : workers) {
        worker.join();
      }
      writer.forceMerge(1);
      writer.commit();
    }
  }

  static void add(BufferedReader lines, IndexWriter writer) {
    try {
      Field id = new StoredField("id", "");
      Field text = new TextField("text", "", Field.Store.YES);
      Document document = new Document();
      document.add(id);
      document.add(text);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int cut = line.indexOf(BETWEEN);
        id.setStringValue(line.substring(7, cut));
        text.setStringValue(line.substring(cut + BETWEEN.length(), line.length() - 2));
        writer.addDocument(document);
      }
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  static void serve(Path index, Analyzer analyzer) throws IOException {
    IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(FSDirectory.open(index)));
    searcher.setQueryCache(null);
    UnifiedHighlighter highlighter = UnifiedHighlighter.builder(searcher, analyzer).build();
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream output = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      long start = System.nanoTime();
      int tab = line.indexOf('\t');
      Query query = parse(line.substring(tab + 1));
      String answer;
      if (line.startsWith("PASSAGES_")) {
        TopDocs top = top(searcher, query, Integer.parseInt(line.substring(9, tab)), false);
        start = System.nanoTime();
        answer = Integer.toString(highlighter.highlight("text", query, top, 1).length);
      } else {
        answer = answer(searcher, line.substring(0, tab), query);
      }
      long taken = System.nanoTime() - start;
      output.print(answer + "\t" + taken + "\n");
      output.flush();
    }
  }

  static String answer(IndexSearcher searcher, String command, Query query) throws IOException {
    if (command.equals("COUNT")) {
      return Integer.toString(searcher.count(query));
    }
    boolean counts = command.endsWith("_COUNT");
    int k = Integer.parseInt(command.substring(4, command.length() - (counts ? 6 : 0)));
    TopDocs top = top(searcher, query, k, counts);
    if (!command.startsWith("IDS_")) {
      return Long.toString(counts ? top.totalHits.value() : top.scoreDocs.length);
    }
    StoredFields stored = searcher.storedFields();
    List<String> ids = new ArrayList<>();
    for (ScoreDoc hit : top.scoreDocs) {
      ids.add(stored.document(hit.doc).get("id"));
    }
    return String.join(" ", ids);
  }

  static TopDocs top(IndexSearcher searcher, Query query, int k, boolean counts)
      throws IOException {
    int counted = counts ? Integer.MAX_VALUE : k;
    return searcher.search(query, new TopScoreDocCollectorManager(k, counted));
  }

  static Query parse(String text) {
    if (text.charAt(0) == '"') {
      return new PhraseQuery("text", text.substring(1, text.length() - 1).split(" "));
    }
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    String[] words = text.split(" ");
    for (String word : words) {
      char sign = word.charAt(0);
      Occur occur = sign == '+' ? Occur.MUST : sign == '-' ? Occur.MUST_NOT : Occur.SHOULD;
      String term = occur == Occur.SHOULD ? word : word.substring(1);
      builder.add(new TermQuery(new Term("text", term)), occur);
    }
    return builder.build();
  }
}
