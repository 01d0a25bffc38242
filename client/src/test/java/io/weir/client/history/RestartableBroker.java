package io.weir.client.history;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import io.weir.broker.Broker;
import io.weir.client.BrokerProcess;
import io.weir.fixtures.ServerPorts;

/** A broker that comes back at the same port with the same data. */
interface RestartableBroker extends AutoCloseable {

	InetSocketAddress address();

	void restart() throws IOException;

	@Override
	void close();

	/** One in this process, which is stopped in order. */
	static RestartableBroker stopped(Path data) {
		Broker broker = Broker.builder().port(ServerPorts.free()).dataDirectory(data).build().start();
		return new RestartableBroker() {

			private final int port = broker.address().getPort();

			private Broker running = broker;

			@Override
			public InetSocketAddress address() {
				return new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port);
			}

			@Override
			public void restart() {
				this.running.close();
				this.running = Broker.builder().port(this.port).dataDirectory(data).build().start();
			}

			@Override
			public void close() {
				this.running.close();
			}

		};
	}

	/** One in a process of its own, which is killed. */
	static RestartableBroker killed(Path data) throws IOException {
		BrokerProcess process = BrokerProcess.start(data, ServerPorts.free());
		return new RestartableBroker() {

			private final int port = process.port();

			private @Nullable BrokerProcess running = process;

			@Override
			public InetSocketAddress address() {
				return new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port);
			}

			@Override
			public void restart() throws IOException {
				close();
				this.running = BrokerProcess.start(data, this.port);
			}

			@Override
			public void close() {
				BrokerProcess last = this.running;
				this.running = null;
				if (last != null) {
					last.close();
				}
			}

		};
	}

}
