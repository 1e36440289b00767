package dev.doorbell.quickstart;

import dev.doorbell.customer.CustomerConfig;
import dev.doorbell.customer.CustomerMain;
import dev.doorbell.customer.CustomerVerticle;
import dev.doorbell.localstack.LocalStack;
import dev.doorbell.localstack.Ports;
import dev.doorbell.localstack.Progress;
import dev.doorbell.payment.PaymentConfig;
import dev.doorbell.payment.PaymentMain;
import dev.doorbell.payment.PaymentVerticle;
import dev.doorbell.relay.RelayConfig;
import dev.doorbell.relay.RelayVerticle;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Metrics;
import dev.doorbell.service.Migrations;
import dev.doorbell.service.Service;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The three verticles in one JVM, configured as their own processes would be: by the same environment names. Metrics
 * are therefore those of all three at each of the three ports.
 */
final class Services implements AutoCloseable {
    private static final String CUSTOMERS = "customers";
    private static final String PAYMENTS = "payments";
    private static final int CUSTOMER_PORT = 9990;
    private static final long START_TIMEOUT_S = 60;
    private static final long STOP_TIMEOUT_S = 50;

    private final Vertx vertx;
    private final CustomerVerticle customer;
    private final PaymentVerticle payment;
    private final RelayVerticle relay;

    private Services(Vertx vertx, CustomerVerticle customer, PaymentVerticle payment, RelayVerticle relay) {
        this.vertx = vertx;
        this.customer = customer;
        this.payment = payment;
        this.relay = relay;
    }

    /**
     * @param identity the settings that say who knows the users
     * @throws ServicesException when one of them cannot start
     */
    static Services start(LocalStack stack, Map<String, String> identity, Progress progress) {
        String customersUrl = migrated(stack, CUSTOMERS, CustomerMain.MIGRATIONS, progress);
        String paymentsUrl = migrated(stack, PAYMENTS, PaymentMain.MIGRATIONS, progress);
        String kafka = stack.kafka().bootstrapServers();
        PrometheusMeterRegistry metrics = Metrics.ofProcess();
        int customerPort = Ports.firstFreeFrom(CUSTOMER_PORT);
        int paymentPort = Ports.firstFreeFrom(customerPort + 1);
        int relayPort = Ports.firstFreeFrom(paymentPort + 1);
        Services services = new Services(
                Service.vertx(metrics),
                new CustomerVerticle(
                        CustomerConfig.read(environment(identity, customerPort, kafka, customersUrl)), metrics),
                new PaymentVerticle(
                        PaymentConfig.read(environment(identity, paymentPort, kafka, paymentsUrl)), metrics),
                new RelayVerticle(
                        RelayConfig.read(new Environment(Map.of(
                                "HTTP_PORT",
                                String.valueOf(relayPort),
                                "KAFKA_BOOTSTRAP_SERVERS",
                                kafka,
                                "RELAY_SOURCES",
                                CUSTOMERS + "=" + customersUrl + "," + PAYMENTS + "=" + paymentsUrl))),
                        metrics));
        try {
            services.deploy("customer-verticle", services.customer, customerPort, progress);
            services.deploy("payment-verticle", services.payment, paymentPort, progress);
            services.deploy("relay-verticle", services.relay, relayPort, progress);
            return services;
        } catch (RuntimeException e) {
            services.close();
            throw e;
        }
    }

    String customerAddress() {
        return "http://127.0.0.1:" + customer.httpPort();
    }

    String paymentAddress() {
        return "http://127.0.0.1:" + payment.httpPort();
    }

    String relayAddress() {
        return "http://127.0.0.1:" + relay.httpPort();
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(STOP_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("quickstart: the services did not stop in order: " + Migrations.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void deploy(String name, Deployable verticle, int port, Progress progress) {
        Future<String> deployed = vertx.deployVerticle(verticle);
        try {
            deployed.toCompletionStage().toCompletableFuture().get(START_TIMEOUT_S, TimeUnit.SECONDS);
            progress.report(name + ": listens on port " + port);
        } catch (ExecutionException | TimeoutException e) {
            throw new ServicesException(name + " cannot start: " + Migrations.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServicesException(name + " was interrupted while starting", e);
        }
    }

    private static String migrated(LocalStack stack, String database, String folder, Progress progress) {
        stack.postgres().createDatabase(database);
        String url = stack.postgres().url(database);
        int applied = new Migrations(DatabaseUrl.parse(url), folder).migrate().size();
        progress.report("postgresql: database " + database + ", " + applied + " migrations applied");
        return url;
    }

    private static Environment environment(Map<String, String> identity, int port, String kafka, String databaseUrl) {
        Map<String, String> all = new HashMap<>(identity);
        all.put("HTTP_PORT", String.valueOf(port));
        all.put("KAFKA_BOOTSTRAP_SERVERS", kafka);
        all.put("DATABASE_URL", databaseUrl);
        return new Environment(all);
    }
}
