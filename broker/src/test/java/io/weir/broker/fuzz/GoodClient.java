package io.weir.broker.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

import io.weir.message.AccessMode;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.fakes.FakeConnection;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.codec.MessageBatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Publishes to a topic that others abuse, and consumes what it has published, on a
 * subscription of its own.
 */
final class GoodClient {

	static final String TOPIC = "t0";

	static final String NAME = "well-behaved";

	private final List<Frame> answers = new CopyOnWriteArrayList<>();

	private final List<Long> received = new CopyOnWriteArrayList<>();

	private final FakeConnection connection;

	private final FakeStream stream;

	private final ByteBufAllocator alloc;

	private long requests;

	private long published;

	GoodClient(ConnectionAcceptor acceptor, ByteBufAllocator alloc) {
		this.alloc = alloc;
		this.connection = FakeConnection.ofServer(acceptor, new ConcurrentLinkedQueue<>()::add, this::receive);
		this.stream = this.connection.openedByPeer();
		ask(new Frame.Connect(NAME, null));
		ask(new Frame.OpenProducer(1, TOPIC, NAME, -1, AccessMode.SHARED));
		ask(new Frame.Subscribe(1, TOPIC, NAME, SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, NAME, true));
		this.stream.say(0, new Frame.Flow(1, 1_000_000_000));
	}

	private void ask(Frame request) {
		this.stream.say(++this.requests, request);
	}

	void publish() {
		ByteBuf batch = this.alloc.buffer();
		byte[] text = (NAME + this.published).getBytes(StandardCharsets.UTF_8);
		MessageBatch.write(batch, new MessageRecord(null, null, Headers.empty(), Unpooled.wrappedBuffer(text)));
		ask(new Frame.Publish(1, this.published++, 1, batch));
	}

	/** Everything was answered well, and came once in order. */
	void check() {
		assertThat(this.answers).as("what the well-behaved client is told").hasSize((int) this.requests);
		assertThat(this.answers).noneMatch(Frame.ErrorReply.class::isInstance);
		assertThat(this.received).as("what the well-behaved client receives")
			.containsExactlyElementsOf(LongStream.range(0, this.published).boxed().toList());
	}

	private void receive(FakeStream on, long requestId, Frame frame) {
		if (requestId != 0) {
			this.answers.add(frame);
		}
		else if (frame instanceof Frame.Deliver deliver) {
			deliver(deliver);
		}
		frame.release();
	}

	private void deliver(Frame.Deliver deliver) {
		if (deliver.producerName().equals(NAME)) {
			this.received.add(deliver.firstSequence());
		}
	}

	void close() {
		assertThat(this.stream.isOpen()).as("whether the well-behaved client was not thrown out").isTrue();
		this.connection.close(ErrorCode.NONE, "done");
	}

}
