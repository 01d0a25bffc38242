package io.weir.broker.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import io.weir.fixtures.fuzz.Mutator;
import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.codec.FrameEncoder;
import io.weir.wire.codec.MessageBatch;

/**
 * What a hostile client says: frames that make sense, out of any order, about few
 * producers, consumers, topics and positions, so that they often meet; and the same,
 * damaged. One seed makes one conversation.
 */
public final class Conversation {

	private static final long LARGEST = (1L << 62) - 2;

	private static final int RECENT = 8;

	private final Random random;

	private final ByteBufAllocator alloc;

	private final Mutator mutator;

	private final List<byte[]> recent = new ArrayList<>();

	private long requests;

	private long sequence;

	/**
	 * Begins a conversation.
	 * @param random what is said
	 * @param alloc where buffers come from
	 */
	public Conversation(Random random, ByteBufAllocator alloc) {
		this.random = random;
		this.alloc = alloc;
		this.mutator = new Mutator(random);
	}

	/**
	 * What to say first, if the rest is to be heard.
	 * @return the bytes
	 */
	public byte[] hello() {
		return encode(new Frame.Connect("hostile", null));
	}

	/**
	 * The next that is said, most often a whole frame.
	 * @return the bytes
	 */
	public byte[] next() {
		byte[] bytes = encode(frame());
		this.recent.add(bytes);
		if (this.recent.size() > RECENT) {
			this.recent.remove(0);
		}
		return (this.random.nextInt(4) == 0) ? this.mutator.mutate(this.recent) : bytes;
	}

	private byte[] encode(Frame frame) {
		long requestId = (this.random.nextInt(50) == 0) ? 0 : ++this.requests;
		ByteBuf encoded = FrameEncoder.BASIC.encode(this.alloc, requestId, frame);
		byte[] bytes = new byte[encoded.readableBytes()];
		encoded.readBytes(bytes);
		encoded.release();
		return bytes;
	}

	private Frame frame() {
		int dice = this.random.nextInt(100);
		if (dice < 8) {
			return new Frame.OpenProducer(id(), topic(), producerName(), (dice < 4) ? -1 : number(),
					any(AccessMode.values()));
		}
		if (dice < 38) {
			return publish();
		}
		if (dice < 50) {
			return new Frame.Subscribe(id(), topic(), any("s0", "s1", "s2", " ", "\u0000"),
					any(SubscriptionType.values()), any(InitialPosition.values()), any("c", ""),
					this.random.nextInt(4) > 0);
		}
		if (dice < 62) {
			return new Frame.Flow(id(), any(1, 10, 1000, Integer.MAX_VALUE));
		}
		if (dice < 72) {
			return new Frame.Acknowledge(id(), ids());
		}
		return (dice < 98) ? lessOften(dice) : brokersOwn();
	}

	private Frame publish() {
		int count = 1 + this.random.nextInt(4);
		ByteBuf batch = batch(count);
		int said = (this.random.nextInt(20) == 0) ? 1 + this.random.nextInt(8000) : count;
		long first = (this.random.nextInt(10) == 0) ? Math.min(number(), LARGEST - 10_000) : this.sequence;
		this.sequence += this.random.nextInt(20) == 0 ? 9000 : count;
		return new Frame.Publish(id(), first, said, batch);
	}

	private ByteBuf batch(int count) {
		ByteBuf batch = this.alloc.buffer();
		for (int i = 0; i < count; i++) {
			byte[] text = "x".repeat(this.random.nextInt(30)).getBytes(StandardCharsets.UTF_8);
			MessageBatch.write(batch, new MessageRecord(this.random.nextBoolean() ? null : any("k0", "k1", ""), null,
					Headers.empty(), Unpooled.wrappedBuffer(text)));
		}
		return batch;
	}

	private Frame lessOften(int dice) {
		return switch (dice % 13) {
			case 0, 1, 2 -> new Frame.NegativeAcknowledge(id(), ids());
			case 3 -> new Frame.CloseProducer(id());
			case 4, 5 -> new Frame.CloseConsumer(id());
			case 6 -> new Frame.Ping(number());
			case 7 -> new Frame.Pong(number());
			case 8 -> new Frame.AcknowledgeUpTo(id(), messageId());
			case 9 -> new Frame.SeekId(id(), messageId());
			case 10 -> new Frame.SeekTime(id(), any(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, 1_700_000_000_000L));
			case 11 -> new Frame.Unsubscribe(id());
			default -> new Frame.NegativeAcknowledge(id(), List.of(messageId()));
		};
	}

	private Frame brokersOwn() {
		return switch (this.random.nextInt(10)) {
			case 0 -> new Frame.Connect("again", "token");
			case 1 -> new Frame.Connected("b", number(), 1000, 1000, 1000, Set.of(Feature.LZ4));
			case 2 -> new Frame.GoAway(any(ErrorCode.values()), "why");
			case 3 -> new Frame.Ok();
			case 4 -> new Frame.ErrorReply(any(ErrorCode.values()), "why");
			case 5 -> new Frame.ProducerOpened("p", number(), number());
			case 6 -> new Frame.Receipt(position(), true);
			case 7 -> new Frame.ProducerClosed(id(), ErrorCode.PRODUCER_FENCED, "why");
			case 8 -> new Frame.ConsumerClosed(id(), ErrorCode.GOING_AWAY, "why");
			default -> new Frame.Deliver(id(), position(), 1, 2, "p", 3, 2, new BitSet(), batch(2));
		};
	}

	private List<MessageId> ids() {
		List<MessageId> ids = new ArrayList<>();
		for (int i = this.random.nextInt(6); i >= 0; i--) {
			ids.add(messageId());
		}
		return ids;
	}

	private MessageId messageId() {
		return position().message((this.random.nextInt(20) == 0) ? 8191 : this.random.nextInt(4));
	}

	private Position position() {
		return (this.random.nextInt(20) == 0) ? new Position(number(), number())
				: new Position(0, this.random.nextInt(200));
	}

	private long id() {
		return (this.random.nextInt(30) == 0) ? number() : this.random.nextInt(3);
	}

	private long number() {
		return any(0L, 1L, 63L, 64L, (long) Integer.MAX_VALUE, 1L + Integer.MAX_VALUE, LARGEST);
	}

	private String topic() {
		return any("t0", "t0", "t1", "t2", "not a topic");
	}

	private @Nullable String producerName() {
		return (this.random.nextInt(5) == 0) ? null : any("p0", "p1", "p2", " ");
	}

	@SafeVarargs
	private <V> V any(V... values) {
		return values[this.random.nextInt(values.length)];
	}

}
