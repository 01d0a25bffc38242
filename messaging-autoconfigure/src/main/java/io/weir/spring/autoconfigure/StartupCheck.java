package io.weir.spring.autoconfigure;

import java.util.concurrent.CompletionException;

import org.springframework.context.SmartLifecycle;

import io.weir.client.WeirClient;
import io.weir.client.WeirException;

/**
 * Keeps an application from starting without a broker. A lifecycle, so that it waits only
 * when all beans are there.
 */
final class StartupCheck implements SmartLifecycle {

	private final WeirClient client;

	private volatile boolean running;

	StartupCheck(WeirClient client) {
		this.client = client;
	}

	@Override
	public void start() {
		try {
			this.client.connected().toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			throw WeirException.from(ex);
		}
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE / 2;
	}

}
