package io.weir.transport.quic;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.fixtures.memory.FailingAllocator;
import io.weir.transport.Connection;
import io.weir.transport.RequestStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.stream.ChannelFrameStream;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Budget;
import io.weir.wire.BudgetShare;
import io.weir.wire.Frame;
import io.weir.wire.Position;
import io.weir.wire.codec.AssemblyBudget;
import io.weir.wire.codec.FrameEncoder;
import io.weir.wire.codec.FrameSink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Each allocation on the way into a stream, and out of one, fails once: nobody waits for
 * ever, and nothing is kept.
 */
class ShortMemoryOnStreamsTest {

	private static final int[] SIZES = { 10, 5_000, 100_000, 0 };

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final FailingAllocator alloc = new FailingAllocator();

	private final QuicTransport server = QuicTransport.create(TransportOptions.DEFAULTS);

	private final QuicTransport client = QuicTransport.create(TransportOptions.DEFAULTS);

	@AfterEach
	void nothingIsKept() {
		this.client.close();
		this.server.close();
		assertThat(this.alloc.used()).as("bytes in buffers that nobody released").isZero();
	}

	@Test
	void requestThatCannotBeWrittenFailsWithItsStream() {
		Connection connection = connect();
		int failed = 0;
		boolean fails = true;
		while (fails) {
			RequestStream stream = get(RequestStream.open(connection));
			((ChannelFrameStream) stream.stream()).channel().config().setAllocator(this.alloc);
			this.alloc.failAt(failed);
			List<CompletableFuture<Frame>> answers = new ArrayList<>();
			for (int size : SIZES) {
				answers.add(stream.request(new Frame.Publish(1, 1, 1, Unpooled.wrappedBuffer(new byte[size]))));
			}
			await().atMost(PATIENCE).until(() -> answers.stream().allMatch(CompletableFuture::isDone));
			fails = this.alloc.stopFailing();
			failed++;
			boolean allAnswered = answers.stream().noneMatch(CompletableFuture::isCompletedExceptionally);
			await().atMost(PATIENCE).until(() -> allAnswered || !stream.isOpen());
			assertThat(allAnswered || fails).isTrue();
			answers.forEach((answer) -> answer.thenAccept(Frame::release));
			stream.close();
		}
		assertThat(failed).isGreaterThan(SIZES.length);
	}

	private Connection connect() {
		ServerTls certificate = ServerTls.selfSigned();
		TransportServer bound = get(this.server.bind(new InetSocketAddress("127.0.0.1", 0), certificate,
				(connection) -> (stream) -> (on, requestId, frame) -> {
					frame.release();
					on.write(requestId, new Frame.Receipt(new Position(0, 0), false));
				}));
		return get(this.client.connect(bound.address(), ClientTls.pinned(certificate.fingerprint()), (stream) -> {
			throw new IllegalStateException("The server opens no streams");
		}));
	}

	private static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
	}

}
