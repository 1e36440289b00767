package dev.doorbell.service.token;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/** Reads the issuer's key set, and no more of an answer than a key set has. */
final class KeysEndpoint {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final int OK = 200;

    private final TokenConfig config;
    private final HttpClient client;

    KeysEndpoint(Vertx vertx, TokenConfig config) {
        this.config = config;
        client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) config.callTimeout().toMillis()),
                new PoolOptions().setHttp1MaxSize(1).setMaxWaitQueueSize(1));
    }

    /** Fails with a message that can be logged. */
    Future<JsonObject> read() {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(config.keysUrl().toString())
                .setTimeout(config.callTimeout().toMillis());
        return client.request(request)
                .compose(sent -> sent.send().compose(KeysEndpoint::body))
                .timeout(config.callTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .compose(KeysEndpoint::parsed);
    }

    private static Future<JsonObject> parsed(Buffer body) {
        try {
            return Future.succeededFuture(new JsonObject(body));
        } catch (DecodeException e) {
            // Its message quotes the answer.
            return Future.failedFuture("the answer is no JSON");
        }
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        if (response.statusCode() != OK) {
            response.exceptionHandler(reset -> {});
            response.request().reset();
            return Future.failedFuture("status " + response.statusCode());
        }
        Promise<Buffer> whole = Promise.promise();
        Buffer read = Buffer.buffer();
        response.handler(part -> {
                    read.appendBuffer(part);
                    if (read.length() > BODY_BYTES_MAX && whole.tryFail("the answer is longer than a key set")) {
                        response.request().reset();
                    }
                })
                .exceptionHandler(whole::tryFail)
                .endHandler(end -> whole.tryComplete(read));
        return whole.future();
    }

    void close() {
        client.close();
    }
}
