package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.Broker;
import io.weir.broker.BrokerException;
import io.weir.broker.BrokerJvmTest;
import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageStatus.State;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A broker that finds this storage engine on its class path. */
class DurableBrokerTest {

	@TempDir
	Path data;

	@Test
	void brokerFindsTheEngineForItsDataDirectory() {
		try (Broker broker = Broker.builder().port(0).dataDirectory(this.data).build().start()) {
			assertThat(broker.storage().status().state()).isEqualTo(State.SERVING);
			assertThat(this.data.resolve("CURRENT")).exists();
		}
	}

	@Test
	void whatIsStoredIsVerifiedTopicByTopicOrAll() throws Exception {
		try (Broker broker = Broker.builder().port(0).dataDirectory(this.data).build().start()) {
			broker.createTopic("t");
			broker.createTopic("u");
			assertThat(broker.scrub("t").get(30, TimeUnit.SECONDS))
				.isEqualTo(new ScrubReport(1, 0, 0, List.of(), List.of()));
			assertThat(broker.scrub().get(30, TimeUnit.SECONDS).topics()).isEqualTo(2);
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> broker.scrub("unknown"))
				.returns(ErrorCode.NOT_FOUND, ProtocolException::code);
		}
	}

	@Test
	void whatIsInMemoryOnlyIsNotVerified() {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			broker.createTopic("t");
			assertThat(broker.scrub("t")).failsWithin(Duration.ofSeconds(30))
				.withThrowableOfType(ExecutionException.class)
				.withCauseInstanceOf(ProtocolException.class)
				.withMessageContaining("Only what is stored in a data directory can be verified");
		}
	}

	@Test
	void dataDirectoryInUseMustBeSaid() {
		try (Broker running = Broker.builder().port(0).dataDirectory(this.data).build().start()) {
			assertThat(running.isRunning()).isTrue();
			assertThatExceptionOfType(BrokerException.class)
				.isThrownBy(() -> Broker.builder().port(0).dataDirectory(this.data).build().start())
				.withMessageContaining(this.data.toString())
				.withMessageContaining("in use by another broker");
		}
	}

	@Test
	@Timeout(60)
	void startedDurableBrokerKeepsTheJvmAliveUntilItIsClosed() throws Exception {
		BrokerJvmTest.keepsTheJvmAliveUntilItIsClosed(this.data.toString());
	}

}
