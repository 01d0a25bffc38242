package io.weir.broker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;

import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Brokers and clients over real QUIC, which are closed after each test. */
abstract class BrokerFixture {

	private final List<AutoCloseable> opened = new ArrayList<>();

	/** Outlives a broker. */
	private final MemoryStorageEngine store = new MemoryStorageEngine();

	@AfterEach
	void closeAll() throws Exception {
		for (int i = this.opened.size() - 1; i >= 0; i--) {
			this.opened.get(i).close();
		}
		this.store.close();
	}

	Broker start() {
		return start(Broker.builder().port(0));
	}

	Broker start(BrokerBuilder builder) {
		return closing(builder.build().start());
	}

	Broker start(Path data) {
		return start(Broker.builder().port(0).dataDirectory(data).storage(this.store));
	}

	RawClient connect(Broker broker) {
		return closing(RawClient.connect(broker));
	}

	<T extends AutoCloseable> T closing(T part) {
		this.opened.add(part);
		return part;
	}

	static void assertRefused(RawClient client, Frame request, ErrorCode code, String words) {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> client.ask(request))
			.withMessageContaining(words)
			.satisfies((failure) -> assertThat(failure.code()).isEqualTo(code));
	}

}
