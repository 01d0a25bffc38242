package io.weir.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.connection.ServiceUrl;
import io.weir.pool.PoolListener;

/**
 * What {@link WeirClientBuilder} was told, checked. Of trust, fingerprint and insecure at
 * most one is set.
 */
record ClientSettings(ServiceUrl serviceUrl, String name, int connections,
		@Nullable Supplier<TrustManagerFactory> trust, @Nullable Supplier<String> fingerprint, boolean insecure,
		@Nullable Supplier<KeyManagerFactory> certificate, @Nullable String token, Duration connectTimeout,
		Duration heartbeatInterval, StreamPoolSettings pool, String poolNamePrefix,
		@Nullable Function<String, PoolListener> poolListener, List<ConnectionListener> connectionListeners,
		@Nullable Executor callbackExecutor, Carrier carrier) {
}
