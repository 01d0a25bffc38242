package io.weir.client;

import java.util.function.Supplier;

import javax.net.ssl.TrustManagerFactory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.transport.tls.ClientTls;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Whom a client trusts, asked at each attempt to connect, since certificates can be
 * replaced while it runs. As long as they are the same the TLS settings are the same
 * object, which remembers sessions: a connection that follows another one resumes its
 * session (RFC 8446 §2.2). Safe to use from any thread; may block.
 */
final class Trust implements Supplier<ClientTls> {

	private final Supplier<ClientTls> source;

	Trust(ClientSettings settings) {
		Supplier<TrustManagerFactory> trust = settings.trust();
		String fingerprint = settings.fingerprint();
		if (trust != null) {
			this.source = new Replaceable(trust);
		}
		else if (fingerprint != null) {
			this.source = new Fixed(() -> ClientTls.pinned(fingerprint));
		}
		else {
			this.source = new Fixed(settings.insecure() ? ClientTls::insecure : ClientTls::jvmTrustStore);
		}
	}

	@Override
	public ClientTls get() {
		return this.source.get();
	}

	/** Made when first asked for, since reading a trust store takes its time. */
	private static final class Fixed implements Supplier<ClientTls> {

		private final Supplier<ClientTls> maker;

		@GuardedBy("this")
		private @Nullable ClientTls tls;

		Fixed(Supplier<ClientTls> maker) {
			this.maker = maker;
		}

		@Override
		public synchronized ClientTls get() {
			ClientTls made = (this.tls != null) ? this.tls : this.maker.get();
			this.tls = made;
			return made;
		}

	}

	/** Made anew, without any session, as soon as there are other trust managers. */
	private static final class Replaceable implements Supplier<ClientTls> {

		private final Supplier<TrustManagerFactory> trust;

		@GuardedBy("this")
		private @Nullable TrustManagerFactory current;

		@GuardedBy("this")
		private @Nullable ClientTls tls;

		Replaceable(Supplier<TrustManagerFactory> trust) {
			this.trust = trust;
		}

		@Override
		public synchronized ClientTls get() {
			TrustManagerFactory loaded = load();
			ClientTls made = (this.tls != null && loaded == this.current) ? this.tls : ClientTls.trust(loaded);
			this.current = loaded;
			this.tls = made;
			return made;
		}

		private TrustManagerFactory load() {
			try {
				return this.trust.get();
			}
			catch (RuntimeException ex) {
				throw new ProtocolException(ErrorCode.INVALID_CONFIGURATION,
						"The certificates to trust cannot be loaded: " + ex.getMessage(), ex);
			}
		}

	}

}
