package io.weir.wire.codec;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.wire.Frame;

/**
 * The number of each frame, and how its body is written and read. Whoever does not know
 * an odd one may skip the frame: such are only frames that do no harm when they are not
 * understood.
 */
@SuppressWarnings("ImmutableEnumChecker") // method references without state
enum FrameType {

	CONNECT(0x00, Frame.Connect.class, ControlCodec::writeConnect, ControlCodec::readConnect),
	CONNECTED(0x02, Frame.Connected.class, ControlCodec::writeConnected, ControlCodec::readConnected),
	PING(0x04, Frame.Ping.class, ControlCodec::writePing, ControlCodec::readPing),
	PONG(0x06, Frame.Pong.class, ControlCodec::writePong, ControlCodec::readPong),
	GO_AWAY(0x08, Frame.GoAway.class, ControlCodec::writeGoAway, ControlCodec::readGoAway),
	FRAGMENT(0x0A, Frame.Fragment.class, ControlCodec::writeFragment, ControlCodec::readFragment),

	OK(0x10, Frame.Ok.class, AnswerCodec::writeOk, AnswerCodec::readOk),
	ERROR(0x12, Frame.ErrorReply.class, AnswerCodec::writeError, AnswerCodec::readError),

	OPEN_PRODUCER(0x20, Frame.OpenProducer.class, ProducerCodec::writeOpen, ProducerCodec::readOpen),
	PRODUCER_OPENED(0x22, Frame.ProducerOpened.class, ProducerCodec::writeOpened, ProducerCodec::readOpened),
	PUBLISH(0x24, Frame.Publish.class, ProducerCodec::writePublish, ProducerCodec::readPublish),
	RECEIPT(0x26, Frame.Receipt.class, ProducerCodec::writeReceipt, ProducerCodec::readReceipt),
	CLOSE_PRODUCER(0x28, Frame.CloseProducer.class, ProducerCodec::writeClose, ProducerCodec::readClose),
	PRODUCER_CLOSED(0x2A, Frame.ProducerClosed.class, ProducerCodec::writeClosed, ProducerCodec::readClosed),
	CANCEL_DELAYED(0x2C, Frame.CancelDelayed.class, ProducerCodec::writeCancel, ProducerCodec::readCancel),

	SUBSCRIBE(0x40, Frame.Subscribe.class, ConsumerCodec::writeSubscribe, ConsumerCodec::readSubscribe),
	FLOW(0x42, Frame.Flow.class, ConsumerCodec::writeFlow, ConsumerCodec::readFlow),
	DELIVER(0x44, Frame.Deliver.class, ConsumerCodec::writeDeliver, ConsumerCodec::readDeliver),
	ACK(0x46, Frame.Acknowledge.class, ConsumerCodec::writeAcknowledge, ConsumerCodec::readAcknowledge),
	NACK(0x48, Frame.NegativeAcknowledge.class, ConsumerCodec::writeNegativeAcknowledge,
			ConsumerCodec::readNegativeAcknowledge),
	CLOSE_CONSUMER(0x4A, Frame.CloseConsumer.class, ConsumerCodec::writeClose, ConsumerCodec::readClose),
	CONSUMER_CLOSED(0x4C, Frame.ConsumerClosed.class, ConsumerCodec::writeClosed, ConsumerCodec::readClosed),
	ACK_UP_TO(0x4E, Frame.AcknowledgeUpTo.class, ConsumerCodec::writeAcknowledgeUpTo,
			ConsumerCodec::readAcknowledgeUpTo),
	SEEK_ID(0x50, Frame.SeekId.class, ConsumerCodec::writeSeekId, ConsumerCodec::readSeekId),
	SEEK_TIME(0x52, Frame.SeekTime.class, ConsumerCodec::writeSeekTime, ConsumerCodec::readSeekTime),
	UNSUBSCRIBE(0x54, Frame.Unsubscribe.class, ConsumerCodec::writeUnsubscribe, ConsumerCodec::readUnsubscribe),
	AWAIT_END(0x56, Frame.AwaitEnd.class, ConsumerCodec::writeAwaitEnd, ConsumerCodec::readAwaitEnd),
	ASK_BACKLOG(0x58, Frame.AskBacklog.class, ConsumerCodec::writeAskBacklog, ConsumerCodec::readAskBacklog),
	MESSAGES_TRIMMED(0x59, Frame.MessagesTrimmed.class, ConsumerCodec::writeTrimmed, ConsumerCodec::readTrimmed),
	PARTITIONS(0x60, Frame.Partitions.class, TopicCodec::writePartitions, TopicCodec::readPartitions),
	FIND_TOPICS(0x62, Frame.FindTopics.class, TopicCodec::writeFindTopics, TopicCodec::readFindTopics),
	TOPICS(0x64, Frame.Topics.class, TopicCodec::writeTopics, TopicCodec::readTopics);

	/** Taken, for a challenge and its response when a client authenticates. */
	static final Set<Long> RESERVED = Set.of(0x0CL, 0x0EL);

	private static final Map<Long, FrameType> BY_NUMBER = Arrays.stream(values())
		.collect(Collectors.toUnmodifiableMap(FrameType::number, Function.identity()));

	private static final Map<Class<? extends Frame>, FrameType> BY_FRAME = Arrays.stream(values())
		.collect(Collectors.toUnmodifiableMap((type) -> type.frame, Function.identity()));

	private final long number;

	private final Class<? extends Frame> frame;

	private final BiConsumer<ByteBuf, Frame> writer;

	private final Function<ByteBuf, ? extends Frame> reader;

	<F extends Frame> FrameType(long number, Class<F> frame, BiConsumer<ByteBuf, F> writer,
			Function<ByteBuf, F> reader) {
		this.number = number;
		this.frame = frame;
		this.writer = (out, value) -> writer.accept(out, frame.cast(value));
		this.reader = reader;
	}

	static FrameType of(Frame frame) {
		FrameType type = BY_FRAME.get(frame.getClass());
		if (type == null) {
			throw new IllegalStateException("No frame type for " + frame.getClass());
		}
		return type;
	}

	/** The type with a number, or {@code null} if this version knows none. */
	static @Nullable FrameType of(long number) {
		return BY_NUMBER.get(number);
	}

	/** Whether a frame of an unknown type may be passed over. */
	static boolean isSkippable(long number) {
		return (number & 1) == 1;
	}

	long number() {
		return this.number;
	}

	/** Writes a body without its batch. */
	void write(ByteBuf out, Frame value) {
		this.writer.accept(out, value);
	}

	/**
	 * Reads a body, all of it. The batch of the frame, if any, is a retained slice.
	 * @throws UnknownOptionException if the frame has an option that must be known
	 */
	Frame read(ByteBuf body) {
		Frame value = this.reader.apply(body);
		// A batch is all that remained, and its options come before it.
		Options.read(body, this);
		return value;
	}

}
