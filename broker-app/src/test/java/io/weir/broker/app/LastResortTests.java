package io.weir.broker.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** In processes of their own, which end. */
@Timeout(120)
class LastResortTests {

	@Test
	void processThatHasRunOutOfMemoryEndsAndSaysSo() throws Exception {
		Process process = start(RunsOutOfMemory.class);
		String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).isEqualTo(LastResort.OUT_OF_MEMORY);
		assertThat(said).contains("run out of memory and ends", "-Xmx");
	}

	@Test
	void processWhoseOrderlyEndNeverEndsIsEndedByForce() throws Exception {
		Process process = start(NeverEnds.class);
		String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).isEqualTo(LastResort.DID_NOT_END);
		assertThat(said).contains("ended by force");
	}

	@Test
	void lackOfDirectMemoryEndsNothing() {
		assertThat(LastResort.isUnsound(new OutOfMemoryError("Java heap space"))).isTrue();
		assertThat(LastResort.isUnsound(new OutOfMemoryError("unable to create native thread"))).isTrue();
		assertThat(LastResort.isUnsound(new OutOfMemoryError("Cannot reserve 9 bytes of direct buffer memory")))
			.isFalse();
		assertThat(LastResort.isUnsound(new StackOverflowError())).isFalse();
	}

	@Test
	void lackOfMemoryWhileAFailureIsPrintedEndsTheProcess() throws Exception {
		Process process = start(RunsOutOfMemoryWhilePrinting.class);
		String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).isEqualTo(LastResort.OUT_OF_MEMORY);
		assertThat(said).contains("run out of memory and ends");
	}

	@Test
	void errorsThatNettyOnlyLogsAreHeardOf() {
		List<Error> heard = new CopyOnWriteArrayList<>();
		LastResortAppender appender = new LastResortAppender(heard::add);
		appender.attach();
		Error ofATask = new OutOfMemoryError("of a task");
		Error ofAListener = new OutOfMemoryError("of a listener");
		Error wrapped = new OutOfMemoryError("wrapped");
		EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		try {
			eventLoops.execute(() -> {
				throw ofATask;
			});
			eventLoops.submit(() -> {
			}).addListener((done) -> {
				throw new IllegalStateException(wrapped);
			});
			eventLoops.submit(() -> {
			}).addListener((done) -> {
				throw ofAListener;
			});
			await().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder(ofATask, ofAListener, wrapped));
		}
		finally {
			eventLoops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
			appender.stop();
		}
	}

	private static Process start(Class<?> main) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx16m", "-cp",
				System.getProperty("java.class.path"), main.getName())
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
	}

	static final class RunsOutOfMemory {

		public static void main(String[] args) throws InterruptedException {
			new LastResort().install(Duration.ofMinutes(1));
			List<byte[]> taken = new ArrayList<>();
			new Thread(() -> {
				while (true) {
					taken.add(new byte[1024 * 1024]);
				}
			}).start();
			new CountDownLatch(1).await();
		}

	}

	static final class RunsOutOfMemoryWhilePrinting {

		public static void main(String[] args) throws InterruptedException {
			new LastResort().install(Duration.ofMinutes(1));
			Thread thread = new Thread(() -> {
				throw new IllegalStateException() {
					@Override
					public String getMessage() {
						throw new OutOfMemoryError();
					}
				};
			});
			thread.start();
			new CountDownLatch(1).await();
		}

	}

	static final class NeverEnds {

		public static void main(String[] args) {
			new LastResort().install(Duration.ofMillis(50));
			Runtime.getRuntime().addShutdownHook(new Thread(() -> {
				try {
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}));
			System.exit(0);
		}

	}

}
