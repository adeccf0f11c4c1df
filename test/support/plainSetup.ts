// A set-up module that replaces nothing.
import type { CustomCrypto } from '@ethereumjs/common'

export const customCrypto: CustomCrypto = {}
