package io.weir.transport.quic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A peer that does not answer is noticed, and no other. */
class SilenceWatchTest {

	private final MockTicker time = Ticker.newMockTicker();

	private final EmbeddedChannel socket = EmbeddedChannel.builder().ticker(this.time).build();

	private final ScriptedPeer peer = new ScriptedPeer();

	private final SilenceWatch watch = new SilenceWatch(this.socket.eventLoop(), this.peer);

	@AfterEach
	void close() {
		this.socket.finishAndReleaseAll();
	}

	@Test
	void aPeerThatDoesNotAcknowledgeAPingMustBeSilent() {
		ask();
		looks(2);
		assertThat(this.peer.said).containsExactly("ping");
		looks(1);
		assertThat(this.peer.said).as("within the patience").containsExactly("ping");
		looks(1);
		assertThat(this.peer.said).containsExactly("ping", "silent", "knock");
		looks(2);
		assertThat(this.peer.said).as("asked again and again").endsWith("knock", "knock");
	}

	@Test
	void aPacketThatThereIsNoMemoryForMustNotEndTheWatch() {
		this.peer.knocksFail = true;
		ask();
		looks(5);
		assertThat(this.peer.said).containsExactly("ping", "silent", "failed", "failed");
		this.peer.knocksFail = false;
		looks(1);
		assertThat(this.peer.said).endsWith("failed", "knock");
	}

	@Test
	void anyPacketMustShowThatThePeerLives() {
		ask();
		for (int i = 0; i < 20; i++) {
			looks(1);
			this.watch.heard();
		}
		assertThat(this.peer.said).isEmpty();
		looks(3);
		this.watch.heard();
		looks(2);
		assertThat(this.peer.said).as("begins anew").containsExactly("ping", "ping");
	}

	@Test
	void aPeerThatIsHeardAgainMustBeToldOnce() {
		ask();
		looks(4);
		this.peer.said.clear();
		this.watch.heard();
		this.watch.heard();
		assertThat(this.peer.said).containsExactly("heard again");
	}

	@Test
	void nothingMustBeDoneWhileNoAnswerIsAwaited() {
		ask();
		this.watch.heard();
		this.peer.awaitsAnswer = false;
		looks(100);
		assertThat(this.peer.said).isEmpty();
		assertThat(this.socket.hasPendingTasks()).isFalse();
		assertThat(this.peer.looks).as("looks after the last answer").isLessThan(5);
	}

	@Test
	void longRoundTripsMustBeAwaited() {
		this.peer.roundTrip = Duration.ofSeconds(1);
		ask();
		looks(2 + 15);
		assertThat(this.peer.said).containsExactly("ping");
		looks(1);
		assertThat(this.peer.said).containsExactly("ping", "silent", "knock");
	}

	/** A pause of this process is no silence of the peer. */
	@Test
	void aLookThatComesLateMustBeRepeated() {
		ask();
		looks(2);
		advance(Duration.ofSeconds(10));
		assertThat(this.peer.said).containsExactly("ping");
		looks(2);
		assertThat(this.peer.said).containsExactly("ping", "ping");
	}

	private void ask() {
		this.watch.asked();
		this.socket.runPendingTasks();
	}

	private void looks(int times) {
		for (int i = 0; i < times; i++) {
			advance(SilenceWatch.INTERVAL);
		}
	}

	private void advance(Duration duration) {
		this.time.advance(duration.toNanos(), TimeUnit.NANOSECONDS);
		this.socket.runScheduledPendingTasks();
	}

	private static final class ScriptedPeer implements SilenceWatch.Peer {

		private final List<String> said = new ArrayList<>();

		private boolean awaitsAnswer = true;

		private Duration roundTrip = Duration.ofMillis(1);

		private int looks;

		private boolean knocksFail;

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public boolean awaitsAnswer() {
			this.looks++;
			return this.awaitsAnswer;
		}

		@Override
		public void ping() {
			this.said.add("ping");
		}

		@Override
		public long roundTripNanos() {
			return this.roundTrip.toNanos();
		}

		@Override
		public void knock() {
			if (this.knocksFail) {
				throw new OutOfMemoryError("on purpose");
			}
			this.said.add("knock");
		}

		@Override
		public void failed(Throwable cause) {
			this.said.add("failed");
		}

		@Override
		public void silent(Duration since) {
			this.said.add("silent");
		}

		@Override
		public void heardAgain() {
			this.said.add("heard again");
		}

	}

}
