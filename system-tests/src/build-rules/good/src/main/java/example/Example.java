package example;

import java.util.List;

/** Well formatted and free of warnings. */
public final class Example {
    private Example() {}

    public static List<String> names() {
        return List.of("outbox", "inbox");
    }
}
