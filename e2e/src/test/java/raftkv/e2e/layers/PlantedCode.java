package raftkv.e2e.layers;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles a few lines into the packages that they name, for the rules to judge. */
final class PlantedCode {
  private PlantedCode() {}

  /**
   * Compiles the sources and reads the classes back.
   *
   * @param directory an empty directory
   * @param sources whole files, each beginning with "package x.y;" and holding one type named in
   *     "class Name" or "interface Name"
   */
  static JavaClasses compile(Path directory, List<String> sources) {
    Path classes = directory.resolve("classes");
    List<Path> files = new ArrayList<>();
    try {
      Files.createDirectories(classes);
      for (String source : sources) {
        files.add(write(directory, source));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    runCompiler(classes, files);
    return new ClassFileImporter().importPath(classes);
  }

  private static Path write(Path directory, String source) throws IOException {
    String packageName = source.substring("package ".length(), source.indexOf(';'));
    List<String> words = Stream.of(source.split("[\\s{<(]+", -1)).toList();
    int type =
        Math.max(
            Math.max(words.indexOf("class"), words.indexOf("interface")), words.indexOf("enum"));
    Path file =
        directory
            .resolve("src")
            .resolve(packageName.replace('.', '/'))
            .resolve(words.get(type + 1) + ".java");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, source);
  }

  private static void runCompiler(Path classes, List<Path> files) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-d",
              classes.toString(),
              "-proc:none",
              "-classpath",
              System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  manager,
                  null,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(files))
              .call();
      if (!compiled) {
        throw new IllegalArgumentException("planted code does not compile: " + messages);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
