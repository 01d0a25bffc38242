package io.weir.transport.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes files that hold secrets. */
public final class PrivateFile {

	private PrivateFile() {
	}

	/**
	 * Complete or not there, and for the owner's eyes only where the file system can do
	 * that.
	 * @param file the file, which is replaced
	 * @param content all of it
	 * @throws IOException if it cannot be written
	 */
	public static void write(Path file, byte[] content) throws IOException {
		Path parent = file.toAbsolutePath().getParent();
		Path temporary = Files.createTempFile(parent, file.getFileName().toString(), ".tmp");
		if (Files.getFileStore(temporary).supportsFileAttributeView("posix")) {
			Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
		}
		Files.write(temporary, content);
		Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

}
