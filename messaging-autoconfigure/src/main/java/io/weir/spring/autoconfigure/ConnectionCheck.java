package io.weir.spring.autoconfigure;

import java.util.concurrent.CompletionException;

import io.weir.client.WeirClient;
import io.weir.client.WeirException;

/** Keeps an application from starting without a broker. */
final class ConnectionCheck extends StartupCheck {

	private final WeirClient client;

	ConnectionCheck(WeirClient client) {
		this.client = client;
	}

	@Override
	void check() {
		try {
			this.client.connected().toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			throw WeirException.from(ex);
		}
	}

}
