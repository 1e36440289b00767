package dev.doorbell.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * What others build on says what it promises. The compiler's own check would ask for a tag for each parameter and result
 * too, also where the sentence says it all.
 */
class PublicJavadocTest {
    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

    @Test
    void everythingPublicHasAComment() throws IOException {
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            List<Path> java =
                    sources.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(java).isNotEmpty();
            assertThat(uncommented(files.getJavaFileObjectsFromPaths(java))).isEmpty();
        }
    }

    @Test
    void whatHasNoneIsFound() throws IOException {
        String source = """
                public class Bare {
                    public static final int LIMIT = 1;
                    public Bare() {}
                    public void method() {}
                    @Override public String toString() { return ""; }
                    void inside() {}
                    private int field;
                    public interface Caller { void call(); }
                    /** With. */ public enum Reason { /** With. */ ONE, TWO }
                    static class Hidden { public void method() {} }
                }
                """;
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Bare.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        assertThat(uncommented(List.of(file)))
                .containsExactly(
                        "Bare", "Bare.LIMIT", "Bare.<init>", "Bare.method", "Caller", "Caller.call", "Reason.TWO");
    }

    private List<String> uncommented(Iterable<? extends JavaFileObject> files) throws IOException {
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, null, null, files);
        Scanner scanner = new Scanner(DocTrees.instance(task));
        for (CompilationUnitTree unit : task.parse()) {
            scanner.scan(unit, null);
        }
        return scanner.uncommented;
    }

    private static final class Scanner extends TreePathScanner<Void, Void> {
        private final List<String> uncommented = new ArrayList<>();
        private final DocTrees docs;

        Scanner(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            // What lies inside of a hidden type is hidden.
            if (!isPublic(type.getModifiers())) {
                return null;
            }
            require(type.getSimpleName().toString());
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            boolean inherited = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation -> annotation.toString().startsWith("@Override"));
            if (isPublic(method.getModifiers()) && !inherited) {
                require(enclosing().getSimpleName() + "." + method.getName());
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void nothing) {
            if (isPublic(field.getModifiers())) {
                require(enclosing().getSimpleName() + "." + field.getName());
            }
            return null;
        }

        private ClassTree enclosing() {
            return (ClassTree) getCurrentPath().getParentPath().getLeaf();
        }

        private boolean isPublic(ModifiersTree modifiers) {
            TreePath parent = getCurrentPath().getParentPath();
            boolean ofInterface = parent.getLeaf().getKind() == Tree.Kind.INTERFACE;
            return ofInterface || modifiers.getFlags().contains(Modifier.PUBLIC);
        }

        private void require(String name) {
            if (docs.getDocComment(getCurrentPath()) == null) {
                uncommented.add(name);
            }
        }
    }
}
