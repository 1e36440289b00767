package dev.doorbell.customer;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands before a server and can let the connections there are fall silent, as a lost route does. */
public final class FreezingProxy {
    private final List<NetSocket> sockets = new CopyOnWriteArrayList<>();
    private final NetClient client;
    private final NetServer server;
    private final int target;

    public FreezingProxy(Vertx vertx, int target) {
        this.target = target;
        client = vertx.createNetClient();
        server = vertx.createNetServer().connectHandler(this::join);
        TestStack.get(server.listen(0, "127.0.0.1"));
    }

    public int port() {
        return server.actualPort();
    }

    /** Nothing more comes through on the connections there are; new ones work. */
    public void freeze() {
        sockets.forEach(NetSocket::pause);
    }

    private void join(NetSocket near) {
        near.pause();
        Future<NetSocket> connecting = client.connect(target, "127.0.0.1");
        connecting.onSuccess(far -> {
            sockets.addAll(List.of(near, far));
            near.handler(far::write).closeHandler(closed -> far.close());
            far.handler(near::write).closeHandler(closed -> near.close());
            near.resume();
        });
    }
}
