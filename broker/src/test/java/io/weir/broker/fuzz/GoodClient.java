package io.weir.broker.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

import io.weir.message.AccessMode;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.transport.Connection;
import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.FrameStream;
import io.weir.transport.StreamHandler;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.codec.MessageBatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Publishes to a topic that others abuse, and consumes what it has published, on a
 * subscription of its own.
 */
final class GoodClient implements FrameStream {

	static final String TOPIC = "t0";

	static final String NAME = "well-behaved";

	private final List<Frame> answers = new CopyOnWriteArrayList<>();

	private final List<Long> received = new CopyOnWriteArrayList<>();

	private final HostileConnection connection;

	private final StreamHandler handler;

	private long requests;

	private long published;

	GoodClient(ConnectionAcceptor acceptor, ByteBufAllocator alloc) {
		this.connection = new HostileConnection(acceptor, alloc);
		this.handler = this.connection.acceptor().accept(this);
		ask(new Frame.Connect(NAME, null));
		ask(new Frame.OpenProducer(1, TOPIC, NAME, -1, AccessMode.SHARED));
		ask(new Frame.Subscribe(1, TOPIC, NAME, SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, NAME, true));
		this.handler.onFrame(this, 0, new Frame.Flow(1, 1_000_000_000));
	}

	private void ask(Frame request) {
		this.handler.onFrame(this, ++this.requests, request);
	}

	void publish() {
		ByteBuf batch = this.connection.alloc().buffer();
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

	@Override
	public CompletionStage<Void> write(long requestId, Frame frame) {
		if (requestId != 0) {
			this.answers.add(frame);
		}
		else if (frame instanceof Frame.Deliver deliver) {
			deliver(deliver);
		}
		frame.release();
		return CompletableFuture.completedFuture(null);
	}

	private void deliver(Frame.Deliver deliver) {
		if (deliver.producerName().equals(NAME)) {
			this.received.add(deliver.firstSequence());
		}
	}

	@Override
	public long id() {
		return 0;
	}

	@Override
	public Connection connection() {
		return this.connection;
	}

	@Override
	public boolean isOpen() {
		return this.connection.isOpen();
	}

	@Override
	public void setReading(boolean reading) {
	}

	@Override
	public void prioritise() {
	}

	@Override
	public void close() {
		this.handler.onClosed(this, null);
		this.connection.close(ErrorCode.NONE, "done");
	}

	@Override
	public void reset(ErrorCode code) {
		throw new AssertionError("The well-behaved client was thrown out: " + code);
	}

}
