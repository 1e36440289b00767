package dev.doorbell.system.guards;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code docs/guards.md}: the guards as a person reads them. */
final class GuardsPage {
    private static final String INTRODUCTION = """
            # Guards: every rule, and the test that misses it

            A test that cannot fail protects nothing. So each rule that keeps events from being lost, repeated or reordered stands
            here with the change that removes it and the test that then turns red, with the line that was seen. One command removes
            each of them in turn and fails when a test stays green, or fails with anything else:

            ```sh
            mvn verify -Pguards
            ```

            `-Dguard=NAME,NAME` tries single rules or areas. A changed copy of the file is compiled with the rest of its package (a migration is copied); it takes the
            original's place on the class path, or in the service's jar, and the one test is run in a JVM of its own. It must be green
            without the change, and must come to an end within %d minutes. What each run printed lies in
            `system-tests/target/guards/RULE/log.txt`.

            This page is made from [`system-tests/src/guards`](../system-tests/src/guards), a file per area. For a rule of your own:
            write its test, remove the rule by a change to one file, see the test fail, and note an entry there:

            | field | holds |
            | --- | --- |
            | `rule` | its name, in kebab case |
            | `says` | the rule in a sentence |
            | `file` | the one file that is changed, from the root: a source or a resource such as a migration |
            | `find` | the text to be replaced; it occurs once in the file. Several lines after a `|`; where a line begins is not compared |
            | `replace` | what takes its place, may be `""`. It must compile; other packages are not compiled again, and keep a constant that the change gives another value |
            | `test`, `module` | `class#method`, and the module whose class path it runs on |
            | `seen` | part of the failure's message or its type, or of a cause's; white space is not compared |

            Then write this page anew: `mvn -pl system-tests -am test "-Dtest=GuardFilesTest" "-Dsurefire.failIfNoSpecifiedTests=false"
            "-Dguards.write=true"`. Every build checks that each `find` is still there and each test still exists.
            """;

    private GuardsPage() {}

    static String of(List<GuardArea> areas) {
        StringBuilder page = new StringBuilder(INTRODUCTION.formatted(GuardRunner.LIMIT.toMinutes()));
        for (GuardArea area : areas) {
            page.append("\n## ").append(area.name()).append("\n\n");
            page.append("| rule | removed by | test | seen |\n| --- | --- | --- | --- |\n");
            area.guards().forEach(guard -> page.append(row(guard)));
        }
        return page.toString();
    }

    private static String row(Guard guard) {
        String rule = "**" + guard.rule() + "**<br>" + cell(guard.says());
        String removed = "in `" + fileName(guard.file()) + "`<br>"
                + Stream.concat(lines("- ", guard.find()), lines("+ ", guard.replace()))
                        .map(GuardsPage::code)
                        .collect(Collectors.joining("<br>"));
        return "| " + String.join(" | ", rule, removed, test(guard), code(cell(guard.seen()))) + " |\n";
    }

    private static String test(Guard guard) {
        String test = guard.test();
        return "`" + test.substring(test.lastIndexOf('.') + 1).replace("#", "`<br>`") + "`<br>" + guard.module();
    }

    private static Stream<String> lines(String sign, String text) {
        return text.strip().lines().map(line -> sign + cell(line)).filter(line -> line.length() > sign.length());
    }

    private static String fileName(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    /** A cell is one line, and a bar would end it. */
    private static String cell(String text) {
        return text.strip().replaceAll("\\s+", " ").replace("|", "\\|");
    }

    /** Code with backticks in it needs longer ones around it. */
    private static String code(String text) {
        return text.contains("`") ? "`` " + text + " ``" : "`" + text + "`";
    }
}
