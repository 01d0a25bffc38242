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
	 * @param minSize how many streams to keep, for {@link Action#RESIZE} only
	 * @param maxSize how many streams there may be, likewise
	 */
	@WriteOperation
	public void act(@Selector String pool, Action action, @Nullable Integer minSize, @Nullable Integer maxSize) {
		if (!this.client.pools().containsKey(pool)) {
			throw invalid("There is no pool '" + pool + "'; there are " + this.client.pools().keySet());
		}
		switch (action) {
			case EVICT -> this.client.evictIdleStreams(pool);
			case RESIZE -> resize(pool, minSize, maxSize);
		}
	}

	private void resize(String pool, @Nullable Integer minSize, @Nullable Integer maxSize) {
		if (minSize == null || maxSize == null) {
			throw invalid("The action 'resize' needs 'minSize' and 'maxSize'");
		}
		try {
			this.client.resizePool(pool, minSize, maxSize);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(String.valueOf(ex.getMessage()));
		}
	}

	private static InvalidEndpointRequestException invalid(String reason) {
		return new InvalidEndpointRequestException(reason, reason);
	}

	/** What can be done to a pool. */
	public enum Action {

		/** Destroy the idle streams; those that the minimum asks for are opened anew. */
		EVICT,

		/** Change the minimum and the maximum, until the application ends. */
		RESIZE

	}

}
