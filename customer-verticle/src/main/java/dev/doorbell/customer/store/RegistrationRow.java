package dev.doorbell.customer.store;

import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.NewCustomer;
import dev.doorbell.outbox.OutboxEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * A registration to insert.
 *
 * @param event what it appends to the outbox; but for id, payload and trace context it is alike for all of a batch
 */
public record RegistrationRow(UUID id, NewCustomer customer, OutboxEvent event) {
    /** The parameters of {@link CustomerSql#REGISTER}: a column is an array, what is alike for all stands once. */
    static Tuple columns(List<RegistrationRow> rows, Optional<IdentityOutcome> identity) {
        OutboxEvent event = rows.get(0).event();
        JsonObject headers = new JsonObject();
        event.headers().forEach(headers::put);
        return Tuple.tuple()
                .addArrayOfUUID(column(rows, RegistrationRow::id, UUID[]::new))
                .addArrayOfString(column(rows, row -> row.customer().firstName(), String[]::new))
                .addArrayOfString(column(rows, row -> row.customer().lastName(), String[]::new))
                .addArrayOfString(column(rows, row -> row.customer().username().canonical(), String[]::new))
                .addArrayOfString(
                        column(rows, row -> row.customer().cardNumber().brand(), String[]::new))
                .addArrayOfString(
                        column(rows, row -> row.customer().cardNumber().lastFour(), String[]::new))
                .addArrayOfLocalDate(column(rows, row -> row.customer().cardValidThru(), LocalDate[]::new))
                .addArrayOfUUID(column(rows, row -> row.event().id(), UUID[]::new))
                .addArrayOfBuffer(column(rows, row -> row.event().payload(), Buffer[]::new))
                .addArrayOfString(column(rows, row -> row.event().traceparent(), String[]::new))
                .addString(identity.map(Enum::name).orElse(null))
                .addString(event.aggregateType())
                .addString(event.type())
                .addString(event.contentType())
                .addJsonObject(headers);
    }

    private static <T> T[] column(
            List<RegistrationRow> rows, Function<RegistrationRow, T> value, IntFunction<T[]> array) {
        T[] column = array.apply(rows.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(rows.get(i));
        }
        return column;
    }
}
