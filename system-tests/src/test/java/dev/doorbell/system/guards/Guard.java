package dev.doorbell.system.guards;

import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A rule of the product together with the change that removes it and the test that must notice.
 *
 * @param rule its name, kebab case, unique among all guards
 * @param says the rule in a sentence
 * @param file what is changed, from the root of the repository, with forward slashes: a source file or a resource
 * @param find the text that makes the rule, which occurs once in the file; where a line begins is not compared
 * @param replace what stands in its place without the rule, may be empty
 * @param test {@code class#method}
 * @param module whose test class path runs the test
 * @param seen part of the failure's message, white space not compared
 */
record Guard(
        String rule, String says, String file, String find, String replace, String test, String module, String seen) {
    private static final Pattern RULE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern TEST = Pattern.compile("[A-Za-z0-9_.$]+#[A-Za-z0-9_]+");
    private static final Pattern FILE = Pattern.compile("[^/]+/src/(main|test)/(java|resources)/.+");

    Guard {
        require(rule != null && RULE.matcher(rule).matches(), rule, "rule", "is not a name in kebab case");
        require(isText(says), rule, "says", "is missing");
        require(file != null && FILE.matcher(file).matches(), rule, "file", "is no source or resource of a module");
        require(isText(find), rule, "find", "is missing");
        require(replace != null, rule, "replace", "is missing");
        require(!Objects.equals(find, replace), rule, "replace", "is equal to find");
        require(test != null && TEST.matcher(test).matches(), rule, "test", "is not class#method");
        require(isText(module), rule, "module", "is missing");
        require(isText(seen), rule, "seen", "is missing");
    }

    /** The module that the changed file is of. */
    String changedModule() {
        return file.substring(0, file.indexOf('/'));
    }

    /** Where the file lies below its source or resource folder. */
    String pathOnClassPath() {
        return file.split("/", 5)[4];
    }

    boolean isJava() {
        return file.endsWith(".java");
    }

    /**
     * The file's text without the rule.
     *
     * @throws GuardFailure when {@code find} does not occur exactly once
     */
    String without(String source) {
        List<MatchResult> found = lines().matcher(source).results().toList();
        if (found.size() != 1) {
            throw new GuardFailure("find occurs " + found.size() + " times in " + file + " instead of once");
        }
        return source.substring(0, found.get(0).start())
                + replace
                + source.substring(found.get(0).end());
    }

    /** YAML takes the common indentation from a text of several lines, so lines are compared from their first letter. */
    private Pattern lines() {
        return Pattern.compile(find.strip()
                .lines()
                .map(line -> Pattern.quote(line.strip()))
                .collect(Collectors.joining("[ \\t]*\\R[ \\t]*")));
    }

    /** Whether the failure is the one that was seen when the guard was written. */
    boolean isSeenIn(String failure) {
        return oneLine(failure).contains(oneLine(seen));
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static boolean isText(String value) {
        return value != null && !value.isBlank();
    }

    private static void require(boolean condition, String rule, String field, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("Guard " + rule + ": " + field + " " + otherwise + ".");
        }
    }
}
