package io.weir.transport.stream;

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
import io.weir.wire.codec.AssemblyBudget;
import io.weir.wire.codec.FrameEncoder;
import io.weir.wire.codec.FrameSink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is kept of a stream's bytes, when memory runs out at any moment. */
class ShortMemoryInputTest {

	private final FailingAllocator alloc = new FailingAllocator();

	@Test
	void bytesThatCannotBeKeptCostNothingOnceTheStreamHasEnded() {
		Budget all = new Budget(Long.MAX_VALUE);
		AssemblyBudget budget = new AssemblyBudget(Long.MAX_VALUE, all, new BudgetShare(all), (needed, held) -> {
		});
		byte[] frames = frames();
		int failed = 0;
		boolean fails = true;
		while (fails) {
			this.alloc.failAt(failed);
			StreamInput input = new StreamInput(this.alloc, TransportOptions.DEFAULTS, budget, new Dropping());
			try {
				feed(input, frames);
			}
			catch (OutOfMemoryError ex) {
				failed++;
			}
			fails = this.alloc.stopFailing();
			input.release();
			assertThat(all.used()).isZero();
			assertThat(this.alloc.used()).as("bytes in use after failure %d", failed).isZero();
		}
		assertThat(failed).isPositive();
	}

	/** In portions that end where they like; some come while nothing is to be read. */
	private static void feed(StreamInput input, byte[] frames) {
		int portion = frames.length / 7;
		for (int start = 0; start < frames.length; start += portion) {
			if (start == 3 * portion) {
				input.pause();
			}
			if (start == 5 * portion) {
				input.resume();
			}
			int length = Math.min(portion, frames.length - start);
			input.read(Unpooled.copiedBuffer(frames, start, length));
		}
	}

	private static byte[] frames() {
		ByteBuf all = Unpooled.buffer();
		for (int size : new int[] { 10, 5_000, 100, 20_000, 0 }) {
			ByteBuf frame = FrameEncoder.BASIC.encode(Unpooled.buffer().alloc(), 1,
					new Frame.Publish(1, 1, 1, Unpooled.wrappedBuffer(new byte[size])));
			all.writeBytes(frame);
			frame.release();
		}
		byte[] bytes = new byte[all.readableBytes()];
		all.readBytes(bytes).release();
		return bytes;
	}

	/** Takes frames and keeps none. */
	private static final class Dropping implements FrameSink {

		@Override
		public void frame(long requestId, Frame frame) {
			frame.release();
		}

	}

}
