package dev.doorbell.localstack;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories that only this user may enter, and that go away as a whole. */
final class Directories {
    private Directories() {}

    static void createPrivate(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    /** Deletes what can be deleted, and goes on where a file cannot: true if nothing is left. */
    static boolean delete(Path root) {
        if (Files.notExists(root)) {
            return true;
        }
        try {
            Files.walkFileTree(root, new Deleter());
        } catch (IOException vanishedOrRefused) {
            return Files.notExists(root);
        }
        return Files.notExists(root);
    }

    static final class Deleter extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return deleteQuietly(file);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
            return deleteQuietly(directory);
        }

        /** A server that is just ending deletes files as well, and on Windows holds some open. */
        private static FileVisitResult deleteQuietly(Path path) {
            try {
                Files.delete(path);
            } catch (NoSuchFileException gone) {
                return FileVisitResult.CONTINUE;
            } catch (IOException refused) {
                return FileVisitResult.CONTINUE;
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
