package example;

import java.util.List;

/** Well formatted, but uses a raw type. */
public final class CompilerWarning {
    private CompilerWarning() {}

    public static List names() {
        return List.of("outbox", "inbox");
    }
}
