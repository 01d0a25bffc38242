package io.weir.broker.engine.runtime;

import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.MessageIndex;
import io.weir.message.DeadLetterCause;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.MessageIds;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.codec.MessageBatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What a copy has of its message. */
class MessageCopyTest {

	private static final Instant TIME = Instant.ofEpochMilli(1_234);

	private final ByteBuf batch = Unpooled.buffer();

	@AfterEach
	void entryMustStayTheCallers() {
		assertThat(this.batch.refCnt()).isOne();
		this.batch.release();
	}

	@Test
	void copyMustHaveKeyEventTimePayloadAndTheHeadersOfBoth() {
		Storing.Forward copy = MessageCopy.of(entry(), copy(1, Map.of("origin", "orders", "own", "replaced")));
		MessageRecord record = only(copy);
		assertThat(record.key()).isEqualTo("k1");
		assertThat(record.eventTime()).isEqualTo(TIME);
		assertThat(record.headers().asMap())
			.containsExactlyInAnyOrderEntriesOf(Map.of("origin", "orders", "own", "replaced"));
		assertThat(record.payload().toString(UTF_8)).isEqualTo("payload 1");
		assertThat(copy.index().keyHash(0)).isEqualTo(101);
		assertThat(copy.index().start(1)).isEqualTo(copy.batch().readableBytes());
		assertThat(copy.encoding().matches(copy.batch())).isTrue();
		assertThat(copy.firstIndex()).isOne();
		copy.batch().release();
		assertThat(copy.batch().refCnt()).isZero();
	}

	@Test
	void replayedMessageThatDiesAgainMustKeepWhereItFirstCameFromAndItsCount() {
		DeadLetterOrigin first = new DeadLetterOrigin("orders", "billing", MessageIds.of(2, 0, 1, 0), 3, "first");
		DeadLetterOrigin second = new DeadLetterOrigin("orders", "audit", MessageIds.of(2, 0, 99, 0), 5, "second");
		Storing.Forward dead = copyOf(0, first.addTo(Headers.of(Map.of("own", "value"))), "dead-letter:billing");
		assertThat(only(dead).replays()).isZero();
		Storing.Forward replayed = MessageCopy.ofReplayed(entry(dead), 0, new Topic("orders"), "replay");
		assertThat(only(replayed).replays()).isOne();
		assertThat(DeadLetterOrigin.of(only(replayed).headers())).isEqualTo(first);
		Storing.Forward deadAgain = MessageCopy.of(entry(replayed), new Storing.ForwardCopy(new SubscriptionId("s", 1),
				"dead-letter:audit", new Position(0, 7), 0, new Topic("dead"), second.addTo(Headers.empty())));
		assertThat(only(deadAgain).replays()).isOne();
		assertThat(DeadLetterOrigin.of(only(deadAgain).headers()))
			.isEqualTo(new DeadLetterOrigin("orders", "billing", MessageIds.of(2, 0, 1, 0), 5, "second"));
		assertThat(only(deadAgain).headers().get(DeadLetterOrigin.LAST_SUBSCRIPTION_HEADER)).isEqualTo("audit");
		assertThat(only(deadAgain).headers().get("own")).isEqualTo("value");
		Storing.Forward replayedAgain = MessageCopy.ofReplayed(entry(deadAgain), 0, new Topic("orders"), "replay");
		assertThat(only(replayedAgain).replays()).isEqualTo(2);
		assertThat(only(replayedAgain).headers().get(DeadLetterOrigin.REPLAYS_HEADER)).isEqualTo("2");
		Stream.of(dead, replayed, deadAgain, replayedAgain).forEach((copy) -> copy.batch().release());
	}

	private Storing.Forward copyOf(int index, Headers headers, String purpose) {
		return MessageCopy.of(entry(), new Storing.ForwardCopy(new SubscriptionId("s", 1), purpose, new Position(0, 7),
				index, new Topic("dead"), headers));
	}

	private static Entry entry(Storing.Forward stored) {
		return new Entry(new Position(0, 3), new EntryHeader("p", 0, stored.index(), 1, stored.encoding()),
				stored.batch());
	}

	@Test
	void replayedMessageMustNotCarryWhatItsApplicationFailedWith() {
		DeadLetterCause cause = new DeadLetterCause("java.lang.IllegalStateException", "no", "at here");
		Storing.Forward dead = copyOf(0, cause.addTo(Headers.of(Map.of("own", "value"))), "dead-letter:billing");
		assertThat(DeadLetterCause.of(only(dead).headers())).isEqualTo(cause);
		Storing.Forward replayed = MessageCopy.ofReplayed(entry(dead), 0, new Topic("orders"), "replay");
		assertThat(DeadLetterCause.of(only(replayed).headers())).isNull();
		assertThat(only(replayed).headers().asMap()).containsOnlyKeys("own", DeadLetterOrigin.REPLAYS_HEADER);
		Stream.of(dead, replayed).forEach((copy) -> copy.batch().release());
	}

	@Test
	void headersForWhichThereIsNoRoomMustBeLeftOutTheStackTraceFirst() {
		MessageRecord record = new MessageRecord(null, null, Headers.of(Map.of("own", "value")),
				Unpooled.wrappedBuffer(new byte[1_000]));
		DeadLetterCause cause = new DeadLetterCause("java.lang.IllegalStateException", "no", "x".repeat(4_000));
		Headers added = cause.addTo(Headers.of(Map.of(DeadLetterOrigin.ERROR_HEADER, "y".repeat(100))));
		assertThat(MessageCopy.merge(record, added, 0, 6_000).headers().asMap()).hasSize(5);
		assertThat(MessageCopy.merge(record, added, 0, 2_000).headers().asMap()).containsOnlyKeys("own",
				DeadLetterOrigin.ERROR_HEADER);
		assertThat(MessageCopy.merge(record, added, 0, 1_050).headers().asMap()).containsOnlyKeys("own");
	}

	@Test
	void copyOfADamagedBatchMustHaveAllThereIs() {
		Entry entry = entry();
		this.batch.setByte(5, this.batch.getByte(5) ^ 1);
		String bytes = this.batch.toString(UTF_8);
		Storing.Forward first = MessageCopy.of(entry, copy(0, Map.of("origin", "orders")));
		Storing.Forward second = MessageCopy.of(entry, copy(1, Map.of("origin", "orders")));
		assertThat(only(first).payload().toString(UTF_8)).isEqualTo(bytes);
		assertThat(only(first).headers().get(DeadLetterOrigin.DAMAGED_HEADER)).contains("2 messages", "0:0:7:0");
		assertThat(only(first).headers().get("origin")).isEqualTo("orders");
		assertThat(only(second).payload().isReadable()).isFalse();
		first.batch().release();
		second.batch().release();
	}

	private static MessageRecord only(Storing.Forward copy) {
		return MessageBatch.read(copy.batch(), 1).get(0);
	}

	private static Storing.ForwardCopy copy(int index, Map<String, String> headers) {
		return new Storing.ForwardCopy(new SubscriptionId("s", 1), "dead-letter:s", new Position(0, 7), index,
				new Topic("dead"), Headers.of(headers));
	}

	private Entry entry() {
		MessageIndex index = MessageIndex.builder(2)
			.add(write(0), 100, MessageIndex.AT_ONCE, 5)
			.add(write(1), 101, MessageIndex.AT_ONCE, 6)
			.build();
		return new Entry(new Position(0, 7), new EntryHeader("p", 0, index, 1, BatchEncoding.plain(this.batch)),
				this.batch);
	}

	private int write(int number) {
		int start = this.batch.writerIndex();
		MessageBatch.write(this.batch, new MessageRecord("k" + number, TIME, Headers.of(Map.of("own", "value")),
				Unpooled.copiedBuffer("payload " + number, UTF_8)));
		return this.batch.writerIndex() - start;
	}

}
