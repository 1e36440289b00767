package dev.doorbell.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is an event and what is not, header by header. */
class EventDecoderTest {
    private static final TestEvent SAMPLE = TestEvent.of("a", "1");

    @Test
    void aMandatoryHeaderIsMissingEmptyOrHasNoValue() {
        for (String header : List.of("ce_id", "ce_type", "ce_source", "ce_specversion")) {
            requireMissing(without(header), header);
            requireMissing(without(header).add(header, new byte[0]), header);
            requireMissing(without(header).add(header, null), header);
        }
    }

    private static void requireMissing(Headers headers, String header) {
        assertThatThrownBy(() -> EventDecoder.decode(record(headers)))
                .isInstanceOf(UndecodableRecordException.class)
                .hasMessage("The header " + header + " is missing.");
    }

    @ParameterizedTest
    @CsvSource({
        "ce_id, no-uuid, not a UUID of version 7",
        "ce_id, 5c1d5a6e-6f0b-4a63-9f3f-2a4b8f3d9c11, not a UUID of version 7",
        "ce_specversion, 2.0, not 1.x",
        "ce_time, yesterday, not a time",
        "ce_sequence, first, not a whole number"
    })
    void aHeaderThatCannotBeReadIsNamedWithoutItsValue(String header, String value, String complaint) {
        Headers headers = without(header);
        headers.add(header, bytes(value));
        assertThatThrownBy(() -> EventDecoder.decode(record(headers)))
                .isInstanceOf(UndecodableRecordException.class)
                .hasMessageContainingAll("The header " + header, complaint)
                .message()
                .doesNotContain(value);
    }

    @Test
    void aNulThatNoTextColumnHoldsIsNoName() {
        Headers headers = without("ce_type");
        headers.add("ce_type", bytes("a\0b"));
        assertThatThrownBy(() -> EventDecoder.decode(record(headers)))
                .isInstanceOf(UndecodableRecordException.class)
                .hasMessage("The header ce_type has a NUL character.");
    }

    @Test
    void theKeyIsTheAggregateWhereNoSubjectNamesIt() {
        assertThat(EventDecoder.decode(record(without("ce_subject"))).aggregateId())
                .isEqualTo("a");
        assertThat(EventDecoder.decode(record(null, bytes("1"), sample())).aggregateId())
                .isEqualTo("a");
        assertThatThrownBy(() -> EventDecoder.decode(record(null, bytes("1"), without("ce_subject"))))
                .isInstanceOf(UndecodableRecordException.class)
                .hasMessageContaining("neither a key nor the header ce_subject");
    }

    @Test
    void withoutAValueItIsATombstoneUnlessItSaysThatItIsAnEvent() {
        assertThat(EventDecoder.isTombstone(record(bytes("a"), null, new RecordHeaders())))
                .isTrue();
        assertThat(EventDecoder.isTombstone(record(sample()))).isFalse();
        ConsumerRecord<byte[], byte[]> eventWithoutValue = record(bytes("a"), null, sample());
        assertThat(EventDecoder.isTombstone(eventWithoutValue)).isFalse();
        assertThatThrownBy(() -> EventDecoder.decode(eventWithoutValue))
                .isInstanceOf(UndecodableRecordException.class)
                .hasMessage("The record has no value.");
    }

    @Test
    void aRepeatThatSaysSoKeepsItsId() {
        Headers headers = sample();
        headers.add("ce_replayed", bytes("true"));
        Event event = EventDecoder.decode(record(headers));
        assertThat(event.replayed()).isTrue();
        assertThat(event.id()).isEqualTo(SAMPLE.id());
        assertThat(EventDecoder.decode(record(sample())).replayed()).isFalse();
    }

    @Test
    void whatOthersPutBesideTheEventIsHandedOn() {
        Headers headers = sample();
        headers.add("ce_sequence", bytes("17")).add("tenant", bytes("t1"));
        Event event = EventDecoder.decode(record(headers));
        assertThat(event.sequence()).isEqualTo(17);
        assertThat(event.headers()).containsEntry("tenant", "t1");
        assertThat(event.time()).isEqualTo(UuidV7.timeOf(SAMPLE.id()));
        assertThat(List.of(event.type(), event.source(), event.contentType()))
                .containsExactly(TestEvent.TYPE, "/test", "text/plain");
        assertThat(UUID.fromString(event.id().toString())).isEqualTo(SAMPLE.id());
    }

    private static Headers sample() {
        return new RecordHeaders(SAMPLE.record("topic").headers().toArray());
    }

    private static Headers without(String header) {
        return sample().remove(header);
    }

    private static ConsumerRecord<byte[], byte[]> record(Headers headers) {
        return record(bytes("a"), bytes("1"), headers);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                "topic", 0, 0, 0, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
