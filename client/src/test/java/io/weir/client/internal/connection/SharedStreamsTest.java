package io.weir.client.internal.connection;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeWorld;
import io.weir.transport.RequestStream;
import io.weir.transport.fakes.FakeStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Who joins which stream when there are more users than streams. */
class SharedStreamsTest {

	private final FakeWorld world = new FakeWorld();

	@BeforeEach
	void begin() {
		this.world.maxStreams(1);
		this.world.manager().start();
	}

	@AfterEach
	void end() {
		this.world.manager().close();
	}

	@Test
	void whoComesLaterJoinsTheStreamThatIsThere() {
		CompletableFuture<StreamShare> first = share();
		assertThat(stream(share())).isSameAs(stream(first));
	}

	@Test
	void whoComesAfterAStreamHasEndedWaitsForAnother() {
		CompletableFuture<StreamShare> first = share();
		RequestStream ended = stream(first);
		((FakeStream) ended.stream()).end(null);
		CompletableFuture<StreamShare> second = share();
		assertThat(second).as("the pool has no other, while the first is lent").isNotDone();
		first.join().invalidate();
		assertThat(stream(second)).isNotSameAs(ended);
	}

	private CompletableFuture<StreamShare> share() {
		return Objects.requireNonNull(this.world.manager().state().session()).share().toCompletableFuture();
	}

	private static RequestStream stream(CompletableFuture<StreamShare> share) {
		assertThat(share).isCompleted();
		return BrokerSession.streamOf(share.join());
	}

}
