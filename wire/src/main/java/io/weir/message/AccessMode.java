package io.weir.message;

/** Who else may publish under the same producer name. */
public enum AccessMode {

	/** A producer is refused while another of the same name is connected. */
	SHARED,
	/** A new producer fences an older one of the same name. */
	EXCLUSIVE

}
