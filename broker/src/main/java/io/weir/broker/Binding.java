package io.weir.broker;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;

import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.Transport;
import io.weir.transport.TransportServer;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Budgets;

/** Binds the broker's port, or says in a sentence why not and what to do. */
final class Binding {

	private static final String PORT = "port";

	private static final String AUTHENTICATION = "authentication";

	private static final String BIND_ADDRESS = "bindAddress";

	private Binding() {
	}

	static TransportServer bind(Transport transport, BrokerSettings settings, ServerTls tls,
			ConnectionAcceptor acceptor, Budgets budgets) {
		InetSocketAddress address = new InetSocketAddress(settings.bindAddress(), settings.port());
		if (address.isUnresolved()) {
			throw new BrokerException("The bind address '" + settings.bindAddress()
					+ "' cannot be resolved; use an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all",
					BIND_ADDRESS, null);
		}
		if (settings.authenticator() == null && !address.getAddress().isLoopbackAddress()) {
			throw new BrokerException(
					"On " + settings.bindAddress() + " the broker would take anybody who reaches it;"
							+ " set who finds out who clients are, or 'none' to take everybody, or listen on 127.0.0.1",
					AUTHENTICATION, null);
		}
		try {
			return transport.bind(address, tls, acceptor, budgets).toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			throw explained(settings, ex);
		}
	}

	private static BrokerException explained(BrokerSettings settings, CompletionException failure) {
		String port = "Port " + settings.port() + "/udp on " + settings.bindAddress();
		String message = String.valueOf(failure.getMessage());
		if (message.contains("in use")) {
			return new BrokerException(port + " is in use; stop what uses it (perhaps another broker), or configure "
					+ "another port, 0 for any free one", PORT, failure.getCause());
		}
		if (message.contains("assign requested address")) {
			return new BrokerException(port + " cannot be bound, for the address is not one of this machine; use "
					+ "127.0.0.1, or 0.0.0.0 for all", BIND_ADDRESS, failure.getCause());
		}
		if (message.contains("ermission denied")) {
			return new BrokerException(
					port + " needs privileges that this process does not have; configure a port from 1024", PORT,
					failure.getCause());
		}
		return new BrokerException(port + " cannot be bound: " + message, null, failure.getCause());
	}

}
