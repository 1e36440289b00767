package dev.doorbell.payment;

import dev.doorbell.payment.domain.Money;
import dev.doorbell.payment.domain.Payee;
import dev.doorbell.service.ConfigException;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.ServiceSettings;
import dev.doorbell.service.Setting;
import dev.doorbell.service.token.TokenConfig;
import dev.doorbell.service.token.TokenSettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The payment service's settings, read once at the start.
 *
 * @param tokens whose tokens are accepted; empty for {@code IDENTITY_PROVIDER=none}
 */
public record PaymentConfig(
        int httpPort,
        DatabaseUrl databaseUrl,
        int databasePoolSize,
        String kafkaBootstrapServers,
        String consumerGroup,
        Duration inboxRetention,
        Money fee,
        Payee payee,
        Optional<TokenConfig> tokens) {
    private static final Setting<Integer> HTTP_PORT = ServiceSettings.httpPort(9991);
    private static final Setting<String> CONSUMER_GROUP = ServiceSettings.consumerGroup("payment-verticle");
    private static final Setting<BigDecimal> AUTHORIZATION_FEE =
            Setting.amount("AUTHORIZATION_FEE", "2.00", "the fee of a registration");
    private static final Setting<Currency> AUTHORIZATION_CURRENCY = Setting.of(
            "AUTHORIZATION_CURRENCY", "EUR", "ISO 4217 code", "the currency of the fee", PaymentConfig::currency);
    private static final Setting<String> PAYEE_NAME =
            Setting.text("PAYEE_NAME", "Doorbell Demo Company", "name", "the company that receives the fee");
    /** The example of the IBAN registry for Germany: well-formed, and nobody's. */
    private static final Setting<String> PAYEE_BANK_ACCOUNT = Setting.text(
            "PAYEE_BANK_ACCOUNT", "DE89370400440532013000", "IBAN or account number", "the company's account");

    private static final Setting<String> PAYEE_BANK_NAME =
            Setting.text("PAYEE_BANK_NAME", "Doorbell Demo Bank", "name", "the bank that keeps the account");

    public static final List<Setting<?>> SETTINGS = Stream.of(
                    List.<Setting<?>>of(
                            HTTP_PORT,
                            ServiceSettings.DATABASE_URL,
                            ServiceSettings.DATABASE_POOL_SIZE,
                            ServiceSettings.KAFKA_BOOTSTRAP_SERVERS,
                            CONSUMER_GROUP,
                            ServiceSettings.INBOX_RETENTION,
                            AUTHORIZATION_FEE,
                            AUTHORIZATION_CURRENCY,
                            PAYEE_NAME,
                            PAYEE_BANK_ACCOUNT,
                            PAYEE_BANK_NAME),
                    TokenSettings.SETTINGS,
                    List.<Setting<?>>of(ServiceSettings.LOG_FORMAT))
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** @throws ConfigException naming every setting that cannot be used */
    public static PaymentConfig read(Environment environment) {
        Integer httpPort = environment.get(HTTP_PORT);
        DatabaseUrl databaseUrl = environment.get(ServiceSettings.DATABASE_URL);
        Integer poolSize = environment.get(ServiceSettings.DATABASE_POOL_SIZE);
        String kafka = environment.get(ServiceSettings.KAFKA_BOOTSTRAP_SERVERS);
        String group = environment.get(CONSUMER_GROUP);
        Duration inboxRetention = environment.get(ServiceSettings.INBOX_RETENTION);
        Money fee = fee(environment);
        String payeeName = environment.get(PAYEE_NAME);
        String payeeBankAccount = environment.get(PAYEE_BANK_ACCOUNT);
        String payeeBankName = environment.get(PAYEE_BANK_NAME);
        Optional<TokenConfig> tokens = TokenSettings.read(environment);
        environment.get(ServiceSettings.LOG_FORMAT);
        environment.check();
        Payee payee = new Payee(payeeName, payeeBankAccount, payeeBankName);
        return new PaymentConfig(httpPort, databaseUrl, poolSize, kafka, group, inboxRetention, fee, payee, tokens);
    }

    private static Money fee(Environment environment) {
        BigDecimal amount = environment.get(AUTHORIZATION_FEE);
        Currency currency = environment.get(AUTHORIZATION_CURRENCY);
        if (amount == null || currency == null) {
            return null;
        }
        try {
            return new Money(amount, currency);
        } catch (IllegalArgumentException e) {
            environment.problem("AUTHORIZATION_FEE with AUTHORIZATION_CURRENCY: " + e.getMessage());
            return null;
        }
    }

    private static Currency currency(String code) {
        try {
            return Currency.getInstance(code);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not a currency code of ISO 4217", e);
        }
    }
}
