package io.weir.benchmarks.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import io.weir.broker.Broker;
import io.weir.message.AccessMode;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.transport.Connection;
import io.weir.transport.RequestStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.quic.QuicTransport;
import io.weir.transport.tls.ClientTls;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.codec.MessageBatch;

/**
 * The round trip of pings on the control stream, idle and beside data that are all in
 * flight at once. A client keeps its heartbeat to itself, so what it is made of is used
 * here.
 */
final class PingsUnderLoad implements AutoCloseable {

	private static final int STREAMS = 8;

	private static final int MEGABYTE = 1024 * 1024;

	private static final long PRODUCER = 1;

	private static final long CONSUMER = 1;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(500);

	private final byte[] payload;

	private final QuicTransport transport = QuicTransport.create(TransportOptions.DEFAULTS);

	private final Broker broker = Broker.builder().port(0).build().start();

	private final RequestStream control;

	private final List<RequestStream> streams = new ArrayList<>();

	private long sequence;

	/**
	 * Starts a broker and connects to it.
	 * @param messageBytes how long the messages are
	 */
	PingsUnderLoad(int messageBytes) throws Exception {
		this.payload = new byte[messageBytes];
		Connection connection = await(
				this.transport.connect(this.broker.address(), ClientTls.pinned(this.broker.certificateFingerprint()),
						(unexpected) -> (stream, id, frame) -> frame.release()));
		this.control = await(RequestStream.openControl(connection));
		await(this.control.request(new Frame.Connect("benchmark", null)));
		for (int i = 0; i < STREAMS; i++) {
			this.streams.add(await(RequestStream.open(connection)));
		}
		await(this.streams.get(0).request(new Frame.OpenProducer(PRODUCER, "network", null, -1, AccessMode.SHARED)));
	}

	void idle(int pings, Latencies latencies) throws Exception {
		int[] left = { pings };
		pingWhile(() -> left[0]-- > 0, latencies);
	}

	/** While so much is published, all of it handed to the streams at once. */
	void publishing(int megabytes, Latencies latencies) throws Exception {
		during(transfer(megabytes), latencies);
	}

	/** While all that was published comes back, all of it asked for at once. */
	void delivering(Latencies latencies) throws Exception {
		RequestStream stream = this.streams.get(0);
		AtomicLong missing = new AtomicLong(this.sequence);
		CompletableFuture<?> delivered = new CompletableFuture<>();
		stream.onPush((frame) -> {
			if (frame instanceof Frame.Deliver deliver && missing.addAndGet(-deliver.count()) == 0) {
				delivered.complete(null);
			}
			frame.release();
		});
		await(stream.request(new Frame.Subscribe(CONSUMER, "network", "pings", SubscriptionType.EXCLUSIVE,
				InitialPosition.EARLIEST, "", false)));
		await(stream.send(new Frame.Flow(CONSUMER, (int) this.sequence)));
		during(delivered, latencies);
	}

	private void during(CompletableFuture<?> transfer, Latencies latencies) throws Exception {
		pingWhile(() -> !transfer.isDone(), latencies);
		transfer.get();
	}

	private void pingWhile(BooleanSupplier condition, Latencies latencies) throws Exception {
		while (condition.getAsBoolean()) {
			long start = System.nanoTime();
			await(this.control.ping(PATIENCE));
			latencies.add(System.nanoTime() - start);
			LockSupport.parkNanos(PAUSE);
		}
	}

	/** All of it is handed to the streams before this returns. */
	private CompletableFuture<?> transfer(int megabytes) {
		CompletableFuture<?>[] receipts = new CompletableFuture<?>[megabytes * (MEGABYTE / this.payload.length)];
		for (int i = 0; i < receipts.length; i++) {
			receipts[i] = this.streams.get(i % STREAMS)
				.request(new Frame.Publish(PRODUCER, this.sequence++, 1, message()));
		}
		return CompletableFuture.allOf(receipts);
	}

	private ByteBuf message() {
		MessageRecord message = new MessageRecord(null, null, Headers.empty(), Unpooled.wrappedBuffer(this.payload));
		ByteBuf batch = Unpooled.buffer(MessageBatch.sizeOf(message));
		MessageBatch.write(batch, message);
		return batch;
	}

	private static <T> T await(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	@Override
	public void close() {
		this.transport.close();
		this.broker.close();
	}

}
