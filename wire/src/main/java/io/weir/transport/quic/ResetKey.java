package io.weir.transport.quic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.weir.transport.tls.PrivateFile;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;
import io.weir.wire.ResetToken;

/**
 * The key by which a server can tell the clients of its predecessor that their
 * connections are gone (RFC 9000 §10.3.2). Safe to use from any thread.
 */
public final class ResetKey {

	private static final String FILE = "stateless-reset-key";

	private static final String ALGORITHM = "HmacSHA256";

	private static final int BYTES = 32;

	private final SecretKeySpec key;

	private ResetKey(byte[] secret) {
		this.key = new SecretKeySpec(secret, ALGORITHM);
	}

	/**
	 * A key that is kept in a directory.
	 * @param directory exists; the key is written to it at the first time, readable by
	 * the owner only
	 * @return the key
	 * @throws ProtocolException {@link ErrorCode#INVALID_CONFIGURATION} if the file
	 * cannot be read or written
	 */
	public static ResetKey in(Path directory) {
		Path file = directory.resolve(FILE);
		try {
			if (!Files.exists(file)) {
				byte[] secret = new byte[BYTES];
				new SecureRandom().nextBytes(secret);
				PrivateFile.write(file, secret);
			}
			byte[] secret = Files.readAllBytes(file);
			if (secret.length != BYTES) {
				throw new IOException(file + " must have " + BYTES + " bytes, has " + secret.length);
			}
			return new ResetKey(secret);
		}
		catch (IOException ex) {
			throw new ProtocolException(ErrorCode.INVALID_CONFIGURATION,
					"The key " + file + " cannot be read or written; delete it to have a new one made", ex);
		}
	}

	/** The token of the connection that the peer addresses by an id. */
	ResetToken token(byte[] connectionId) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.key);
			ByteBuffer code = ByteBuffer.wrap(mac.doFinal(connectionId));
			return new ResetToken(code.getLong(), code.getLong());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JVM has " + ALGORITHM, ex);
		}
	}

}
