package raftkv.simulation.planted;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The product with one bug in it: the changed files are compiled into a directory of their own, and
 * a class loader takes them from there and all other classes of the product from where they are.
 */
final class Planting implements AutoCloseable {
  private final URLClassLoader loader;
  private final Method trial;

  private Planting(URLClassLoader loader, Method trial) {
    this.loader = loader;
    this.trial = trial;
  }

  /** Puts the bug into the sources below that root, and compiles it into that blank directory. */
  static Planting of(Bug bug, Path root, Path target) throws IOException {
    List<File> changed = new ArrayList<>();
    for (Map.Entry<Path, String> source : sources(bug, root).entrySet()) {
      Path file = target.resolve("src").resolve(source.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
      changed.add(file.toFile());
    }
    Path classes = Files.createDirectories(target.resolve("classes"));
    compile(bug, changed, classes);
    return load(classes);
  }

  /** The changed sources, by their place below the root. */
  static Map<Path, String> sources(Bug bug, Path root) throws IOException {
    Map<Path, String> sources = new LinkedHashMap<>();
    for (Bug.Change change : bug.changes()) {
      String source = sources.get(change.file());
      if (source == null) {
        source = Files.readString(root.resolve(change.file()));
      }
      sources.put(change.file(), change.applyTo(source, bug.name()));
    }
    return sources;
  }

  private static void compile(Bug bug, List<File> sources, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter output = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "--release",
              "17",
              "-nowarn",
              "-proc:none",
              "-cp",
              System.getProperty("java.class.path"),
              "-d",
              classes.toString());
      boolean good =
          compiler
              .getTask(
                  output, files, null, options, null, files.getJavaFileObjectsFromFiles(sources))
              .call();
      if (!good) {
        throw new IllegalArgumentException(bug.name() + " does not compile: " + output);
      }
    }
  }

  private static Planting load(Path classes) throws IOException {
    List<URL> places = new ArrayList<>(List.of(classes.toUri().toURL()));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      places.add(new File(entry).toURI().toURL());
    }
    ProductLoader loader = new ProductLoader(places.toArray(new URL[0]));
    try {
      return new Planting(
          loader, loader.loadClass(Trial.class.getName()).getMethod("run", long.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the product could not be loaded once more", e);
    }
  }

  /** Loads the product's classes anew, and takes all others from where they are loaded already. */
  private static final class ProductLoader extends URLClassLoader {
    private static final String PRODUCT = "raftkv.";

    ProductLoader(URL[] places) {
      super(places, Planting.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PRODUCT)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }

  /** What the checkers saw of the bug in that seed, or null. Callable from any thread. */
  @Nullable String run(long seed) {
    try {
      return (String) trial.invoke(null, seed);
    } catch (InvocationTargetException e) {
      return "exception: " + e.getCause();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
