package io.weir.spring.autoconfigure.endpoint;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import io.weir.client.WeirClient;
import io.weir.pool.PoolStats;

/** Actuator endpoint {@code weirpools}: the stream pools and their figures. */
@Endpoint(id = "weirpools", defaultAccess = Access.READ_ONLY)
public final class WeirPoolsEndpoint {

	private final WeirClient client;

	WeirPoolsEndpoint(WeirClient client) {
		this.client = client;
	}

	/**
	 * All pools.
	 * @return figures by the pool's name
	 */
	@ReadOperation
	public Map<String, PoolStats> pools() {
		return this.client.pools();
	}

	/**
	 * One pool.
	 * @param pool its name
	 * @return its figures, or {@code null} if there is no such pool
	 */
	@ReadOperation
	public @Nullable PoolStats pool(@Selector String pool) {
		return this.client.pools().get(pool);
	}

	/**
	 * Acts on a pool.
	 * @param pool its name
	 * @param action what to do
	 */
	@WriteOperation
	public void act(@Selector String pool, Action action) {
		if (!this.client.pools().containsKey(pool)) {
			String reason = "There is no pool '" + pool + "'; there are " + this.client.pools().keySet();
			throw new InvalidEndpointRequestException(reason, reason);
		}
		switch (action) {
			case EVICT -> this.client.evictIdleStreams(pool);
		}
	}

	/** What can be done to a pool. */
	public enum Action {

		/** Destroy the idle streams; those that the minimum asks for are opened anew. */
		EVICT

	}

}
