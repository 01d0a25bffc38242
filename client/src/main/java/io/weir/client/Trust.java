package io.weir.client;

import java.util.Objects;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.transport.tls.ClientTls;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Whom a client trusts and who it is, asked at each attempt to connect, since
 * certificates can be replaced while it runs. As long as they are the same the TLS
 * settings are the same object, which remembers sessions: a connection that follows
 * another one resumes its session (RFC 8446 §2.2). Safe to use from any thread; may
 * block.
 */
final class Trust implements Supplier<ClientTls> {

	private final ClientSettings settings;

	@GuardedBy("this")
	private @Nullable Answers last;

	@GuardedBy("this")
	private @Nullable ClientTls tls;

	Trust(ClientSettings settings) {
		this.settings = settings;
	}

	@Override
	public synchronized ClientTls get() {
		Answers present = new Answers(ask(this.settings.trust(), "The certificates to trust"),
				ask(this.settings.fingerprint(), "The fingerprint to trust"),
				ask(this.settings.certificate(), "The client's own certificate"));
		ClientTls made = (this.tls != null && present.equals(this.last)) ? this.tls
				: present.toTls(this.settings.insecure());
		this.last = present;
		this.tls = made;
		return made;
	}

	private static <T> @Nullable T ask(@Nullable Supplier<T> supplier, String what) {
		try {
			return (supplier != null) ? Objects.requireNonNull(supplier.get(), "there is none") : null;
		}
		catch (RuntimeException ex) {
			throw new ProtocolException(ErrorCode.INVALID_CONFIGURATION, what + " cannot be loaded: " + ex.getMessage(),
					ex);
		}
	}

	/** What the suppliers say at one time; of the factories it counts which they are. */
	private record Answers(@Nullable TrustManagerFactory trust, @Nullable String fingerprint,
			@Nullable KeyManagerFactory certificate) {

		/**
		 * The JVM's trust store is read here, when first needed, since that takes its
		 * time.
		 */
		ClientTls toTls(boolean insecure) {
			ClientTls trusting = (this.trust != null) ? ClientTls.trust(this.trust) : (this.fingerprint != null)
					? ClientTls.pinned(this.fingerprint) : insecure ? ClientTls.insecure() : ClientTls.jvmTrustStore();
			return (this.certificate != null) ? trusting.withCertificate(this.certificate) : trusting;
		}

	}

}
