package example;

import java.util.List;

/** Free of warnings, but indented by two spaces. */
public final class BadFormat {
  private BadFormat() {}

  public static List<String> names() {
    return List.of("outbox", "inbox");
  }
}
