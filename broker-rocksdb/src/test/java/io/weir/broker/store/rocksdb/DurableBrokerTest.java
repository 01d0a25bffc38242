package io.weir.broker.store.rocksdb;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.Broker;
import io.weir.broker.BrokerException;
import io.weir.broker.BrokerJvmTest;
import io.weir.broker.store.StorageStatus.State;

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
