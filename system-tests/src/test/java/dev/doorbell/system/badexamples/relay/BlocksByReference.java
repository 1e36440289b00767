package dev.doorbell.system.badexamples.relay;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

public class BlocksByReference {
    Function<CompletableFuture<String>, String> run() {
        return CompletableFuture::join;
    }
}
