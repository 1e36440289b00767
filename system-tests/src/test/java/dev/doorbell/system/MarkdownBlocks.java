package dev.doorbell.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The fenced blocks of a document, so that a test can run what a reader copies. */
final class MarkdownBlocks {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)$\\R(.*?)^```$");

    private final List<MatchResult> blocks;

    private MarkdownBlocks(List<MatchResult> blocks) {
        this.blocks = blocks;
    }

    /** @param document from the root of the repository */
    static MarkdownBlocks of(String document) throws IOException {
        Path file = Repository.root().resolve(document);
        return new MarkdownBlocks(
                BLOCK.matcher(Files.readString(file)).results().toList());
    }

    /**
     * The one block of the language that holds the text.
     *
     * @throws AssertionError when there is none, or several
     */
    String block(String language, String text) {
        List<String> found = blocks.stream()
                .filter(block ->
                        block.group(1).equals(language) && block.group(2).contains(text))
                .map(block -> block.group(2))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " blocks of " + language + " hold \"" + text + "\"");
        }
        return found.get(0);
    }
}
