/**
 * The vocabulary that applications, clients and brokers share; JDK types only.
 */
@NullMarked
package io.weir.message;

import org.jspecify.annotations.NullMarked;
