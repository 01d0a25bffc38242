package io.weir.wire.codec;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.time.BackoffRule;
import io.weir.wire.BacklogReport;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;
import io.weir.wire.FailureReport;
import io.weir.wire.Feature;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;
import io.weir.wire.ResetToken;

/** Frames of every type with the smallest, the largest and the trickiest values. */
final class Samples {

	private static final FailureReport FAILURE = FailureReport.of(new IllegalStateException("no"), true);

	/** Hears of messages, and is interested in none. */
	static final MessageVisitor NOBODY = (size, keyHash, times) -> {
	};

	/** For a peer that knows all of this version. */
	static final FrameEncoder ENCODER = new FrameEncoder(EnumSet.allOf(Feature.class));

	/** Around each change of a varint's length. */
	static final List<Long> NUMBERS = List.of(0L, 1L, 63L, 64L, 16_383L, 16_384L, (1L << 30) - 1, 1L << 30,
			(1L << 62) - 1);

	private static final List<String> NAMES = List.of("", "a", "x".repeat(63), "x".repeat(64), "ä€😀\u0000",
			"x".repeat(Limits.MAX_NAME_BYTES), "😀".repeat(Limits.MAX_NAME_BYTES / 4));

	private static final List<String> TEXTS = List.of("", "ä€😀", "x".repeat(Limits.MAX_TEXT_BYTES));

	private static final List<Long> EIGHT_BYTES = List.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE);

	/** Around the size up to which batches are copied. */
	private static final List<Integer> BATCH_SIZES = List.of(0, 1, 1023, 1024, 1025, 20_000);

	private final ByteBufAllocator alloc;

	private Samples(ByteBufAllocator alloc) {
		this.alloc = alloc;
	}

	/** The samples of a type; equal to those of every other call, and to be released. */
	static List<Frame> of(FrameType type, ByteBufAllocator alloc) {
		return new Samples(alloc).of(type).map(Frame.class::cast).toList();
	}

	static List<Frame> all(ByteBufAllocator alloc) {
		return Arrays.stream(FrameType.values()).flatMap((type) -> of(type, alloc).stream()).toList();
	}

	private Stream<? extends Frame> of(FrameType type) {
		return switch (type) {
			case CONNECT -> Stream.concat(names((name) -> new Frame.Connect(name, null)),
					texts((token) -> new Frame.Connect("client", token, Set.of(Feature.LZ4))));
			case CONNECTED ->
				Stream.concat(names((name) -> new Frame.Connected(name, 0, 1, 1, 1, Set.of(Feature.ZSTD))),
						numbers((n) -> new Frame.Connected("broker", n, within(1, Varint.MAX_LENGTH, n), positive(n),
								within(1, Limits.MAX_MESSAGE_SIZE, n), Set.of(), positive(n), new ResetToken(n, -n))));
			case PING -> EIGHT_BYTES.stream().map(Frame.Ping::new);
			case PONG -> EIGHT_BYTES.stream().map(Frame.Pong::new);
			case GO_AWAY -> Stream.concat(codes((code) -> new Frame.GoAway(code, "why")),
					texts((reason) -> new Frame.GoAway(ErrorCode.GOING_AWAY, reason)));
			case FRAGMENT ->
				Stream.concat(numbers((n) -> new Frame.Fragment(within(0, Varint.MAX_LENGTH, n), bytes(3))),
						BATCH_SIZES.stream().map((size) -> new Frame.Fragment(1, bytes(size))));
			case OK ->
				Stream
					.of(Stream.of(new Frame.Ok()), numbers((n) -> new Frame.Ok(new Position(n, n), null)),
							numbers((n) -> new Frame.Ok(null, new BacklogReport(n, n - 1))))
					.flatMap(Function.identity());
			case ERROR -> Stream.concat(codes((code) -> new Frame.ErrorReply(code, "why")),
					texts((message) -> new Frame.ErrorReply(ErrorCode.INTERNAL, message)));
			case OPEN_PRODUCER -> Stream
				.of(names((name) -> new Frame.OpenProducer(0, name, name, -1, AccessMode.SHARED)),
						numbers((n) -> new Frame.OpenProducer(n, "topic", null, n - 1, AccessMode.SHARED)),
						Arrays.stream(AccessMode.values())
							.map((mode) -> new Frame.OpenProducer(1, "topic", "p", 7, mode)))
				.flatMap(Function.identity());
			case PRODUCER_OPENED -> Stream.concat(names((name) -> new Frame.ProducerOpened(name, 0, -1)),
					numbers((n) -> new Frame.ProducerOpened("p", n - 1, n - 1)));
			case PUBLISH -> Stream
				.of(numbers((n) -> new Frame.Publish(n, sequence(n), count(n), bytes(3))),
						numbers((n) -> new Frame.Publish(1, 2, 3, encoding(Compression.LZ4, n), bytes(3))),
						numbers((n) -> new Frame.Publish(1, 2, 3, encoding(Compression.ZSTD, n), bytes(3))),
						BATCH_SIZES.stream().map((size) -> new Frame.Publish(1, 2, 3, bytes(size))))
				.flatMap(Function.identity());
			case RECEIPT ->
				Stream
					.of(Stream.of(new Frame.Receipt(null, true)),
							numbers((n) -> new Frame.Receipt(new Position(n, n), true)),
							numbers((n) -> new Frame.Receipt(new Position(0, n), false)))
					.flatMap(Function.identity());
			case CLOSE_PRODUCER -> numbers(Frame.CloseProducer::new);
			case CANCEL_DELAYED -> numbers((n) -> new Frame.CancelDelayed(n, new Position(n, n).message(1)));
			case PRODUCER_CLOSED -> Stream.concat(codes((code) -> new Frame.ProducerClosed(1, code, "why")),
					numbers((n) -> new Frame.ProducerClosed(n, ErrorCode.PRODUCER_FENCED, "")));
			case SUBSCRIBE -> Stream
				.of(names((name) -> subscribe(0, name, SubscriptionType.SHARED, InitialPosition.LATEST)),
						numbers((n) -> subscribe(n, "t", SubscriptionType.SHARED, InitialPosition.EARLIEST)),
						policies().map((policy) -> new Frame.Subscribe(1, "t", "s", SubscriptionType.SHARED,
								InitialPosition.EARLIEST, "c", true, new ConsumerInstance(new UUID(1, 2), 3), policy,
								false)),
						Stream.of(new Frame.Subscribe(1, "t", "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST,
								"c", false, new ConsumerInstance(new UUID(1, 2), 3), null, true)),
						Arrays.stream(SubscriptionType.values())
							.map((type_) -> subscribe(1, "t", type_, InitialPosition.EARLIEST)))
				.flatMap(Function.identity());
			case FLOW -> numbers((n) -> new Frame.Flow(n, positive(n)));
			case DELIVER -> deliveries();
			case ACK -> idLists().map((ids) -> new Frame.Acknowledge(64, ids));
			case NACK -> Stream.concat(idLists().map((ids) -> new Frame.NegativeAcknowledge(64, ids)),
					Stream.of(FailureReport.of("no such account"), FAILURE)
						.flatMap((report) -> idLists()
							.map((ids) -> new Frame.NegativeAcknowledge(64, 1_000, true, report, ids))));
			case CLOSE_CONSUMER -> numbers(Frame.CloseConsumer::new);
			case MESSAGES_TRIMMED ->
				Stream.concat(numbers((n) -> new Frame.MessagesTrimmed(n, 300, new Position(0, 5))),
						numbers((n) -> new Frame.MessagesTrimmed(7, n, new Position(3, 0))));
			case CONSUMER_CLOSED -> Stream.concat(codes((code) -> new Frame.ConsumerClosed(1, code, "why")),
					numbers((n) -> new Frame.ConsumerClosed(n, ErrorCode.GOING_AWAY, "")));
			case ACK_UP_TO -> numbers((n) -> new Frame.AcknowledgeUpTo(n, new Position(n, n).message(1)));
			case SEEK_ID -> Stream.of(1, Limits.MAX_BATCH_MESSAGES - 1, Limits.MAX_BATCH_MESSAGES)
				.flatMap((index) -> numbers((n) -> new Frame.SeekId(n, new Position(n, n).message(index))));
			case SEEK_TIME -> numbers((n) -> new Frame.SeekTime(n, Long.MAX_VALUE - n));
			case UNSUBSCRIBE -> numbers(Frame.Unsubscribe::new);
			case AWAIT_END -> numbers(Frame.AwaitEnd::new);
			case ASK_BACKLOG -> numbers(Frame.AskBacklog::new);
			case PARTITIONS -> Stream.concat(names((name) -> new Frame.Partitions(name, 2)),
					numbers((n) -> new Frame.Partitions("topic", within(1, Topic.MAX_PARTITIONS, n))));
			case FIND_TOPICS -> names((name) -> new Frame.FindTopics(name, name, name));
			case TOPICS -> Stream.concat(names((name) -> new Frame.Topics(List.of(name, "t"), name)), Stream
				.of(new Frame.Topics(List.of(), null), new Frame.Topics(Collections.nCopies(1000, "t"), null)));
		};
	}

	private static Frame subscribe(long id, String name, SubscriptionType type, InitialPosition initial) {
		return new Frame.Subscribe(id, name, name, type, initial, name, initial == InitialPosition.LATEST,
				new ConsumerInstance(new UUID(-id, id), id));
	}

	private static Stream<RedeliveryPolicy> policies() {
		return Stream.of(RedeliveryPolicy.NONE,
				new RedeliveryPolicy(30_000, new BackoffRule(1_000, 2.5, 60_000, 0.5), 10, "orders.dead"));
	}

	private Stream<Frame> deliveries() {
		return Stream
			.of(names((name) -> deliver(0, 0, 1, name, new BitSet(), 2)),
					numbers((n) -> deliver(n, n, count(n), "p", new BitSet(), 2)),
					numbers((n) -> new Frame.Deliver(1, new Position(0, 0), 0, 0, "p", 0, 0, 1, new BitSet(),
							encoding(Compression.ZSTD, n), bytes(2))),
					EIGHT_BYTES.stream().map((time) -> deliver(1, time, 1, "p", new BitSet(), 2)),
					BATCH_SIZES.stream().map((size) -> deliver(1, 0, 1, "p", new BitSet(), size)),
					Stream.of(0, 1, 63, 64, Limits.MAX_BATCH_MESSAGES - 1)
						.flatMap((first) -> Stream.of(1, Limits.MAX_BATCH_MESSAGES - first)
							.map((count) -> new Frame.Deliver(1, new Position(0, 0), 0, 0, "p", 0, first, count,
									new BitSet(), encoding(Compression.NONE, first), bytes(2)))),
					Stream.of(1, 7, 8, 9, Limits.MAX_BATCH_MESSAGES)
						.flatMap((count) -> Stream.of(0, count - 1)
							.map((index) -> deliver(1, 0, count, "p", BitSet.valueOf(bit(index)), 2))))
			.flatMap(Function.identity());
	}

	private Frame deliver(long n, long time, int count, String name, BitSet acknowledged, int size) {
		return new Frame.Deliver(n, new Position(n, n), within(0, Integer.MAX_VALUE, n), time, name, sequence(n), count,
				acknowledged, bytes(size));
	}

	private static Stream<List<MessageId>> idLists() {
		MessageId first = new Position(0, 0).message(0);
		MessageId last = new Position(Varint.MAX, Varint.MAX).message(Limits.MAX_BATCH_MESSAGES - 1);
		return Stream.of(List.of(first), List.of(last, first), Collections.nCopies(Limits.MAX_ACK_IDS, first));
	}

	private static byte[] bit(int index) {
		BitSet bits = new BitSet();
		bits.set(index);
		return bits.toByteArray();
	}

	private ByteBuf bytes(int size) {
		ByteBuf buffer = this.alloc.buffer(size);
		for (int i = 0; i < size; i++) {
			buffer.writeByte(i);
		}
		return buffer;
	}

	private static <F extends Frame> Stream<F> names(Function<String, F> frame) {
		return NAMES.stream().map(frame);
	}

	private static <F extends Frame> Stream<F> texts(Function<String, F> frame) {
		return TEXTS.stream().map(frame);
	}

	private static <F extends Frame> Stream<F> codes(Function<ErrorCode, F> frame) {
		return Arrays.stream(ErrorCode.values()).map(frame);
	}

	private static <F extends Frame> Stream<F> numbers(LongFunction<F> frame) {
		return NUMBERS.stream().map(frame::apply);
	}

	private static BatchEncoding encoding(Compression compression, long n) {
		int size = (compression == Compression.NONE) ? 0 : within(1, Limits.MAX_MESSAGE_SIZE, n);
		return new BatchEncoding(compression, size, Long.hashCode(~n));
	}

	private static long sequence(long n) {
		return Math.min(n, SequenceIds.MAX_FIRST);
	}

	private static int count(long n) {
		return within(1, Limits.MAX_BATCH_MESSAGES, n);
	}

	private static int positive(long n) {
		return within(1, Integer.MAX_VALUE, n);
	}

	private static int within(int min, int max, long n) {
		return (int) Math.max(min, Math.min(max, n));
	}

}
