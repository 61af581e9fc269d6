// Made by generate.py; not to be edited.

export const SCHEMAS: readonly { readonly [keyword: string]: unknown }[] = [
 {
  "title": "account.registered/1",
  "x-label-zh": "账号注册",
  "x-label-en": "account registered",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "subject_kind": {
    "type": "string",
    "enum": [
     "person",
     "organization"
    ]
   },
   "account": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 128
    }
   },
   "channel": {
    "type": "string",
    "enum": [
     "pc",
     "h5",
     "app",
     "mini_program",
     "dingtalk",
     "wecom",
     "api",
     "system",
     "counter"
    ]
   },
   "name": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 200
    }
   },
   "phone": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^\\+?[0-9]{5,20}$"
    }
   },
   "email": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 3,
     "maxLength": 254
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "subject_kind",
   "account",
   "channel"
  ],
  "additionalProperties": false
 },
 {
  "title": "agreement.accepted/1",
  "x-label-zh": "协议同意",
  "x-label-en": "agreement accepted",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "agreement": {
    "type": "string",
    "enum": [
     "service_terms",
     "privacy_policy",
     "certificate_service",
     "esign_disclosure",
     "evidence_method",
     "data_processing"
    ]
   },
   "version": {
    "type": "string",
    "pattern": "^[0-9]{1,5}(?:\\.[0-9]{1,5}){0,3}(?:-[a-z]{2,8}(?:\\.?[0-9]{1,4})?)?$",
    "maxLength": 32
   },
   "text_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "locale": {
    "type": "string",
    "pattern": "^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$",
    "maxLength": 12
   },
   "action": {
    "type": "string",
    "enum": [
     "checkbox",
     "click",
     "scroll_and_click",
     "signature",
     "voice"
    ]
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "agreement",
   "version",
   "text_sha256",
   "locale",
   "action"
  ],
  "additionalProperties": false
 },
 {
  "title": "anchor.registered/1",
  "x-label-zh": "锚定合约登记",
  "x-label-en": "anchor contract registered",
  "x-reserved": true,
  "x-custody": false,
  "type": "object",
  "properties": {
   "chain_id": {
    "type": "integer",
    "minimum": 1,
    "maximum": 9007199254740991
   },
   "chain_kind": {
    "type": "string",
    "enum": [
     "dev",
     "consortium",
     "public"
    ]
   },
   "genesis_hash": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "contract": {
    "type": "string",
    "pattern": "^[0-9a-f]{40}$"
   },
   "code_hash": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "log_id": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "creator": {
    "type": "string",
    "pattern": "^[0-9a-f]{40}$"
   },
   "publishers": {
    "type": "array",
    "items": {
     "type": "string",
     "pattern": "^[0-9a-f]{40}$"
    },
    "minItems": 1,
    "maxItems": 16,
    "uniqueItems": true
   },
   "finality": {
    "type": "integer",
    "minimum": 0,
    "maximum": 1000000
   }
  },
  "required": [
   "chain_id",
   "chain_kind",
   "genesis_hash",
   "contract",
   "code_hash",
   "log_id",
   "creator",
   "publishers",
   "finality"
  ],
  "additionalProperties": false
 },
 {
  "title": "approval.approved/1",
  "x-label-zh": "审批通过",
  "x-label-en": "approval given",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "step": {
    "type": "string",
    "enum": [
     "initiate",
     "send",
     "sign",
     "void"
    ]
   },
   "approver": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "step",
   "approver",
   "document_sha256"
  ],
  "additionalProperties": false
 },
 {
  "title": "approval.rejected/1",
  "x-label-zh": "审批驳回",
  "x-label-en": "approval refused",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "step": {
    "type": "string",
    "enum": [
     "initiate",
     "send",
     "sign",
     "void"
    ]
   },
   "approver": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "step",
   "approver",
   "document_sha256",
   "reason"
  ],
  "additionalProperties": false
 },
 {
  "title": "approval.requested/1",
  "x-label-zh": "审批提交",
  "x-label-en": "approval requested",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "step": {
    "type": "string",
    "enum": [
     "initiate",
     "send",
     "sign",
     "void"
    ]
   },
   "approver": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "step",
   "approver",
   "document_sha256"
  ],
  "additionalProperties": false
 },
 {
  "title": "case.closed/1",
  "x-label-zh": "案卷关闭",
  "x-label-en": "case closed",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "count": {
    "type": "integer",
    "minimum": 1,
    "maximum": 9007199254740991
   },
   "head": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "outcome": {
    "type": "string",
    "enum": [
     "completed",
     "withdrawn",
     "voided",
     "rejected",
     "expired",
     "ended"
    ]
   }
  },
  "required": [
   "count",
   "head"
  ],
  "additionalProperties": false
 },
 {
  "title": "case.opened/1",
  "x-label-zh": "案卷开立",
  "x-label-en": "case opened",
  "x-reserved": true,
  "x-custody": false,
  "type": "object",
  "properties": {
   "kind": {
    "type": "string",
    "enum": [
     "contract",
     "subject",
     "log"
    ]
   },
   "close_by": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "required": {
    "type": "array",
    "items": {
     "type": "string",
     "pattern": "^[a-z][a-z0-9_]{1,31}\\.[a-z][a-z0-9_]{1,47}$",
     "maxLength": 80
    },
    "minItems": 0,
    "maxItems": 64,
    "uniqueItems": true
   }
  },
  "required": [
   "kind",
   "required"
  ],
  "additionalProperties": false
 },
 {
  "title": "certificate.destroyed/1",
  "x-label-zh": "密钥销毁",
  "x-label-en": "signing key destroyed",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "key": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "destroyed_at": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "method": {
    "type": "string",
    "enum": [
     "hsm_erase",
     "tee_erase",
     "overwrite",
     "wrapping_key_erase"
    ]
   },
   "attested_by": {
    "type": "string",
    "enum": [
     "hsm",
     "ca",
     "platform"
    ]
   },
   "certificate": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   }
  },
  "required": [
   "key",
   "destroyed_at",
   "method",
   "attested_by"
  ],
  "additionalProperties": false
 },
 {
  "title": "certificate.issued/1",
  "x-label-zh": "证书签发",
  "x-label-en": "certificate issued",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "key": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "ca": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "simulated": {
    "type": "boolean"
   },
   "profile": {
    "type": "string",
    "enum": [
     "one_time",
     "long_term"
    ]
   },
   "key_algorithm": {
    "type": "string",
    "enum": [
     "sm2",
     "rsa2048",
     "rsa3072",
     "rsa4096",
     "ecdsa_p256",
     "ecdsa_p384",
     "ed25519"
    ]
   },
   "certificate": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "serial_number": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{2,64}$"
    }
   },
   "subject": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 500
    }
   },
   "issuer": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 500
    }
   },
   "not_before": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "not_after": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "key_usage": {
    "type": "array",
    "items": {
     "type": "string",
     "enum": [
      "digital_signature",
      "content_commitment",
      "key_encipherment"
     ]
    },
    "minItems": 1,
    "maxItems": 3,
    "uniqueItems": true
   },
   "policy_oid": {
    "type": "string",
    "pattern": "^[0-2](?:\\.(?:0|[1-9][0-9]{0,38})){1,31}$",
    "maxLength": 128
   },
   "response": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   }
  },
  "required": [
   "key",
   "ca",
   "simulated",
   "profile",
   "key_algorithm",
   "certificate",
   "serial_number",
   "subject",
   "issuer",
   "not_before",
   "not_after",
   "key_usage"
  ],
  "additionalProperties": false
 },
 {
  "title": "certificate.key_generated/1",
  "x-label-zh": "密钥生成",
  "x-label-en": "signing key generated",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "key": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "key_algorithm": {
    "type": "string",
    "enum": [
     "sm2",
     "rsa2048",
     "rsa3072",
     "rsa4096",
     "ecdsa_p256",
     "ecdsa_p384",
     "ed25519"
    ]
   },
   "place": {
    "type": "string",
    "enum": [
     "hsm",
     "cloud_hsm",
     "tee",
     "usb_key",
     "software"
    ]
   },
   "exportable": {
    "type": "boolean"
   },
   "control": {
    "type": "string",
    "enum": [
     "signer_sole",
     "signer_activated",
     "platform_custody"
    ]
   },
   "public_key": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   }
  },
  "required": [
   "key",
   "key_algorithm",
   "place",
   "exportable",
   "control"
  ],
  "additionalProperties": false
 },
 {
  "title": "certificate.requested/1",
  "x-label-zh": "证书申请",
  "x-label-en": "certificate requested",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "key": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "ca": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "simulated": {
    "type": "boolean"
   },
   "profile": {
    "type": "string",
    "enum": [
     "one_time",
     "long_term"
    ]
   },
   "request": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "policy_oid": {
    "type": "string",
    "pattern": "^[0-2](?:\\.(?:0|[1-9][0-9]{0,38})){1,31}$",
    "maxLength": 128
   },
   "agreement_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "subject": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 500
    }
   }
  },
  "required": [
   "key",
   "ca",
   "simulated",
   "profile",
   "request"
  ],
  "additionalProperties": false
 },
 {
  "title": "certificate.revoked/1",
  "x-label-zh": "证书吊销",
  "x-label-en": "certificate revoked",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "key": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "ca": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "simulated": {
    "type": "boolean"
   },
   "certificate": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "revoked_at": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "reason_code": {
    "type": "string",
    "enum": [
     "unspecified",
     "key_compromise",
     "ca_compromise",
     "affiliation_changed",
     "superseded",
     "cessation_of_operation",
     "certificate_hold",
     "privilege_withdrawn"
    ]
   },
   "status_kind": {
    "type": "string",
    "enum": [
     "crl",
     "ocsp",
     "notice"
    ]
   },
   "status_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "ca",
   "simulated",
   "certificate",
   "revoked_at",
   "reason_code",
   "status_kind",
   "status_sha256"
  ],
  "additionalProperties": false
 },
 {
  "title": "consent.recorded/1",
  "x-label-zh": "单独同意",
  "x-label-en": "consent recorded",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "purpose": {
    "type": "string",
    "enum": [
     "esign_disclosure",
     "identity_verification",
     "biometric",
     "certificate_issuance",
     "data_export",
     "institution_forwarding",
     "cross_border"
    ]
   },
   "separate": {
    "type": "boolean"
   },
   "scope": {
    "type": "array",
    "items": {
     "type": "string",
     "enum": [
      "name",
      "id_number",
      "phone",
      "email",
      "face",
      "bank_account",
      "position",
      "device",
      "documents"
     ]
    },
    "minItems": 1,
    "maxItems": 9,
    "uniqueItems": true
   },
   "version": {
    "type": "string",
    "pattern": "^[0-9]{1,5}(?:\\.[0-9]{1,5}){0,3}(?:-[a-z]{2,8}(?:\\.?[0-9]{1,4})?)?$",
    "maxLength": 32
   },
   "text_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "locale": {
    "type": "string",
    "pattern": "^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$",
    "maxLength": 12
   },
   "action": {
    "type": "string",
    "enum": [
     "checkbox",
     "click",
     "scroll_and_click",
     "signature",
     "voice"
    ]
   },
   "expires_at": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "purpose",
   "separate",
   "scope",
   "version",
   "text_sha256",
   "locale",
   "action"
  ],
  "additionalProperties": false
 },
 {
  "title": "consent.withdrawn/1",
  "x-label-zh": "同意撤回",
  "x-label-en": "consent withdrawn",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "consent_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "action": {
    "type": "string",
    "enum": [
     "checkbox",
     "click",
     "scroll_and_click",
     "signature",
     "voice"
    ]
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "consent_event",
   "action"
  ],
  "additionalProperties": false
 },
 {
  "title": "contract.completed/1",
  "x-label-zh": "合同完成",
  "x-label-en": "contract completed",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "documents": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "document": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      },
      "document_sha256": {
       "oneOf": [
        {
         "type": "string",
         "pattern": "^[0-9a-f]{64}$"
        },
        {
         "$ref": "#/$defs/sealed"
        }
       ],
       "x-sealed": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
       }
      }
     },
     "required": [
      "document",
      "document_sha256"
     ],
     "additionalProperties": false
    },
    "minItems": 1,
    "maxItems": 64,
    "uniqueItems": true
   },
   "signed_parties": {
    "type": "array",
    "items": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    },
    "minItems": 1,
    "maxItems": 64,
    "uniqueItems": true
   }
  },
  "required": [
   "documents",
   "signed_parties"
  ],
  "additionalProperties": false
 },
 {
  "title": "contract.created/1",
  "x-label-zh": "合同创建",
  "x-label-en": "contract created",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "title": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 500
    }
   },
   "scene": {
    "type": "string",
    "enum": [
     "hr",
     "house_renting",
     "leasing",
     "supply_chain",
     "travel",
     "education",
     "insurance",
     "sale",
     "service",
     "loan",
     "nda",
     "other"
    ]
   },
   "parties": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "party": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      },
      "kind": {
       "type": "string",
       "enum": [
        "person",
        "organization"
       ]
      },
      "role": {
       "type": "string",
       "enum": [
        "signatory",
        "guarantor",
        "witness",
        "approver",
        "copy"
       ]
      },
      "order": {
       "type": "integer",
       "minimum": 1,
       "maximum": 1000
      },
      "required": {
       "type": "boolean"
      },
      "name": {
       "$ref": "#/$defs/sealed",
       "x-sealed": {
        "type": "string",
        "minLength": 1,
        "maxLength": 300
       }
      }
     },
     "required": [
      "party",
      "kind",
      "role",
      "order",
      "required"
     ],
     "additionalProperties": false
    },
    "minItems": 1,
    "maxItems": 64,
    "uniqueItems": true
   },
   "signing_order": {
    "type": "string",
    "enum": [
     "parallel",
     "sequential"
    ]
   },
   "deadline": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "business_number": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "amount": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "object",
     "properties": {
      "amount": {
       "type": "string",
       "pattern": "^-?(?:0|[1-9][0-9]{0,17})(?:\\.[0-9]{1,8})?$"
      },
      "currency": {
       "type": "string",
       "pattern": "^[A-Z]{3}$"
      }
     },
     "required": [
      "amount",
      "currency"
     ],
     "additionalProperties": false
    }
   },
   "template": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   }
  },
  "required": [
   "title",
   "scene",
   "parties",
   "signing_order"
  ],
  "additionalProperties": false
 },
 {
  "title": "contract.deadline_extended/1",
  "x-label-zh": "签署期限延长",
  "x-label-en": "deadline extended",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "previous_deadline": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "deadline": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "previous_deadline",
   "deadline"
  ],
  "additionalProperties": false
 },
 {
  "title": "contract.delivered/1",
  "x-label-zh": "合同交付",
  "x-label-en": "contract delivered",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "channel": {
    "type": "string",
    "enum": [
     "sms",
     "email",
     "qr",
     "app",
     "wechat",
     "dingtalk",
     "wecom",
     "webhook",
     "portal",
     "paper"
    ]
   },
   "target": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 254
    }
   },
   "receipt": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   }
  },
  "required": [
   "party",
   "document",
   "document_sha256",
   "channel",
   "target"
  ],
  "additionalProperties": false
 },
 {
  "title": "contract.expired/1",
  "x-label-zh": "合同过期",
  "x-label-en": "contract expired",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "deadline": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "unsigned_parties": {
    "type": "array",
    "items": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    },
    "minItems": 0,
    "maxItems": 64,
    "uniqueItems": true
   }
  },
  "required": [
   "deadline",
   "unsigned_parties"
  ],
  "additionalProperties": false
 },
 {
  "title": "contract.rejected/1",
  "x-label-zh": "合同被拒签",
  "x-label-en": "contract rejected",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "rejected_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   }
  },
  "required": [
   "party",
   "rejected_event"
  ],
  "additionalProperties": false
 },
 {
  "title": "contract.sent/1",
  "x-label-zh": "合同发起",
  "x-label-en": "contract sent",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "documents": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "document": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      },
      "document_sha256": {
       "oneOf": [
        {
         "type": "string",
         "pattern": "^[0-9a-f]{64}$"
        },
        {
         "$ref": "#/$defs/sealed"
        }
       ],
       "x-sealed": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
       }
      }
     },
     "required": [
      "document",
      "document_sha256"
     ],
     "additionalProperties": false
    },
    "minItems": 1,
    "maxItems": 64,
    "uniqueItems": true
   },
   "recipients": {
    "type": "array",
    "items": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    },
    "minItems": 1,
    "maxItems": 64,
    "uniqueItems": true
   },
   "deadline": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "terminal": {
    "type": "string",
    "enum": [
     "pc",
     "h5",
     "app",
     "mini_program",
     "dingtalk",
     "wecom",
     "api",
     "system"
    ]
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   }
  },
  "required": [
   "documents",
   "recipients"
  ],
  "additionalProperties": false
 },
 {
  "title": "contract.voided/1",
  "x-label-zh": "合同作废",
  "x-label-en": "contract voided",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "basis": {
    "type": "string",
    "enum": [
     "agreement",
     "sender",
     "court_order",
     "error"
    ]
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   },
   "order": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   }
  },
  "required": [
   "basis",
   "reason"
  ],
  "additionalProperties": false
 },
 {
  "title": "contract.withdrawn/1",
  "x-label-zh": "合同撤回",
  "x-label-en": "contract withdrawn",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "stage": {
    "type": "string",
    "enum": [
     "draft",
     "sent",
     "partly_signed"
    ]
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "stage",
   "reason"
  ],
  "additionalProperties": false
 },
 {
  "title": "document.archived/1",
  "x-label-zh": "文件归档",
  "x-label-en": "document archived",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "store": {
    "type": "string",
    "enum": [
     "object_store",
     "worm",
     "local",
     "tape",
     "institution"
    ]
   },
   "encryption": {
    "type": "string",
    "enum": [
     "none",
     "aes_256_gcm",
     "sm4_gcm"
    ]
   },
   "key": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "retain_until": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   }
  },
  "required": [
   "document",
   "document_sha256",
   "store",
   "encryption",
   "retain_until"
  ],
  "additionalProperties": false
 },
 {
  "title": "document.attached/1",
  "x-label-zh": "附件添加",
  "x-label-en": "document attached",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "size": {
    "type": "integer",
    "minimum": 0,
    "maximum": 9007199254740991
   },
   "media_type": {
    "type": "string",
    "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
    "maxLength": 128
   },
   "role": {
    "type": "string",
    "enum": [
     "attachment",
     "supplement",
     "authorization",
     "image",
     "video",
     "audio"
    ]
   },
   "title": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 500
    }
   },
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   }
  },
  "required": [
   "document",
   "document_sha256",
   "size",
   "media_type",
   "role"
  ],
  "additionalProperties": false
 },
 {
  "title": "document.classified/1",
  "x-label-zh": "文件归类",
  "x-label-en": "document classified",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "category": {
    "type": "string",
    "enum": [
     "hr",
     "house_renting",
     "leasing",
     "supply_chain",
     "travel",
     "education",
     "insurance",
     "sale",
     "service",
     "loan",
     "nda",
     "other"
    ]
   },
   "basis": {
    "type": "string",
    "enum": [
     "person",
     "rule",
     "sender"
    ]
   }
  },
  "required": [
   "document",
   "document_sha256",
   "category",
   "basis"
  ],
  "additionalProperties": false
 },
 {
  "title": "document.converted/1",
  "x-label-zh": "文件转换",
  "x-label-en": "document converted",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "before_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "after_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "from_media_type": {
    "type": "string",
    "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
    "maxLength": 128
   },
   "to_media_type": {
    "type": "string",
    "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
    "maxLength": 128
   },
   "tool": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "tool_version": {
    "type": "string",
    "pattern": "^[0-9]{1,5}(?:\\.[0-9]{1,5}){0,3}(?:-[a-z]{2,8}(?:\\.?[0-9]{1,4})?)?$",
    "maxLength": 32
   },
   "pages": {
    "type": "integer",
    "minimum": 1,
    "maximum": 100000
   }
  },
  "required": [
   "document",
   "before_sha256",
   "after_sha256",
   "from_media_type",
   "to_media_type",
   "tool",
   "tool_version"
  ],
  "additionalProperties": false
 },
 {
  "title": "document.downloaded/1",
  "x-label-zh": "文件下载",
  "x-label-en": "document downloaded",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "purpose": {
    "type": "string",
    "enum": [
     "own_copy",
     "review",
     "court",
     "audit",
     "administration"
    ]
   },
   "terminal": {
    "type": "string",
    "enum": [
     "pc",
     "h5",
     "app",
     "mini_program",
     "dingtalk",
     "wecom",
     "api",
     "system"
    ]
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "document",
   "document_sha256",
   "purpose",
   "terminal"
  ],
  "additionalProperties": false
 },
 {
  "title": "document.filled/1",
  "x-label-zh": "文件填写",
  "x-label-en": "document filled in",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "before_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "after_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "field_count": {
    "type": "integer",
    "minimum": 0,
    "maximum": 10000
   },
   "form": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "field": {
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9_.-]{0,63}$"
       },
       "value": {
        "type": "string",
        "minLength": 0,
        "maxLength": 1000
       }
      },
      "required": [
       "field",
       "value"
      ],
      "additionalProperties": false
     },
     "minItems": 0,
     "maxItems": 200,
     "uniqueItems": true
    }
   }
  },
  "required": [
   "party",
   "document",
   "before_sha256",
   "after_sha256",
   "field_count",
   "form"
  ],
  "additionalProperties": false
 },
 {
  "title": "document.finalized/1",
  "x-label-zh": "文件定稿",
  "x-label-en": "document finalised",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "size": {
    "type": "integer",
    "minimum": 0,
    "maximum": 9007199254740991
   },
   "pages": {
    "type": "integer",
    "minimum": 1,
    "maximum": 100000
   },
   "media_type": {
    "type": "string",
    "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
    "maxLength": 128
   },
   "case_marked": {
    "type": "boolean"
   }
  },
  "required": [
   "document",
   "document_sha256",
   "size",
   "pages",
   "media_type",
   "case_marked"
  ],
  "additionalProperties": false
 },
 {
  "title": "document.read_confirmed/1",
  "x-label-zh": "阅读确认",
  "x-label-en": "reading confirmed",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "statement_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "locale": {
    "type": "string",
    "pattern": "^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$",
    "maxLength": 12
   },
   "action": {
    "type": "string",
    "enum": [
     "checkbox",
     "click",
     "scroll_and_click",
     "signature",
     "voice"
    ]
   },
   "dwell_ms": {
    "type": "integer",
    "minimum": 0,
    "maximum": 86400000
   },
   "minimum_dwell_ms": {
    "type": "integer",
    "minimum": 0,
    "maximum": 86400000
   },
   "session": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "party",
   "document",
   "document_sha256",
   "statement_sha256",
   "locale",
   "action",
   "dwell_ms"
  ],
  "additionalProperties": false
 },
 {
  "title": "document.uploaded/1",
  "x-label-zh": "文件上传",
  "x-label-en": "document uploaded",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "size": {
    "type": "integer",
    "minimum": 0,
    "maximum": 9007199254740991
   },
   "media_type": {
    "type": "string",
    "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
    "maxLength": 128
   },
   "pages": {
    "type": "integer",
    "minimum": 1,
    "maximum": 100000
   },
   "title": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 500
    }
   },
   "terminal": {
    "type": "string",
    "enum": [
     "pc",
     "h5",
     "app",
     "mini_program",
     "dingtalk",
     "wecom",
     "api",
     "system"
    ]
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   }
  },
  "required": [
   "document",
   "document_sha256",
   "size",
   "media_type"
  ],
  "additionalProperties": false
 },
 {
  "title": "document.viewed/1",
  "x-label-zh": "文件查看",
  "x-label-en": "document viewed",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "pages_total": {
    "type": "integer",
    "minimum": 1,
    "maximum": 100000
   },
   "pages_viewed": {
    "type": "integer",
    "minimum": 0,
    "maximum": 100000
   },
   "dwell_ms": {
    "type": "integer",
    "minimum": 0,
    "maximum": 86400000
   },
   "scrolled_to_end": {
    "type": "boolean"
   },
   "terminal": {
    "type": "string",
    "enum": [
     "pc",
     "h5",
     "app",
     "mini_program",
     "dingtalk",
     "wecom",
     "api",
     "system"
    ]
   },
   "renderer": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "renderer_version": {
    "type": "string",
    "pattern": "^[0-9]{1,5}(?:\\.[0-9]{1,5}){0,3}(?:-[a-z]{2,8}(?:\\.?[0-9]{1,4})?)?$",
    "maxLength": 32
   },
   "session": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   },
   "geo": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "object",
     "properties": {
      "latitude_udeg": {
       "type": "integer",
       "minimum": -90000000,
       "maximum": 90000000
      },
      "longitude_udeg": {
       "type": "integer",
       "minimum": -180000000,
       "maximum": 180000000
      },
      "accuracy_m": {
       "type": "integer",
       "minimum": 0,
       "maximum": 1000000
      }
     },
     "required": [
      "latitude_udeg",
      "longitude_udeg"
     ],
     "additionalProperties": false
    }
   }
  },
  "required": [
   "party",
   "document",
   "document_sha256",
   "pages_total",
   "pages_viewed",
   "dwell_ms",
   "scrolled_to_end",
   "terminal"
  ],
  "additionalProperties": false
 },
 {
  "title": "document.watermarked/1",
  "x-label-zh": "文件加水印",
  "x-label-en": "document watermarked",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "before_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "after_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "pages": {
    "type": "integer",
    "minimum": 1,
    "maximum": 100000
   },
   "kind": {
    "type": "string",
    "enum": [
     "text",
     "image"
    ]
   },
   "tool": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "tool_version": {
    "type": "string",
    "pattern": "^[0-9]{1,5}(?:\\.[0-9]{1,5}){0,3}(?:-[a-z]{2,8}(?:\\.?[0-9]{1,4})?)?$",
    "maxLength": 32
   },
   "inscription": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 200
    }
   }
  },
  "required": [
   "document",
   "before_sha256",
   "after_sha256",
   "pages",
   "kind",
   "tool",
   "tool_version"
  ],
  "additionalProperties": false
 },
 {
  "title": "evidence.anchored/1",
  "x-label-zh": "存证上链",
  "x-label-en": "checkpoint anchored",
  "x-reserved": true,
  "x-custody": true,
  "type": "object",
  "properties": {
   "tree_size": {
    "type": "integer",
    "minimum": 1,
    "maximum": 9007199254740991
   },
   "note_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "chain_id": {
    "type": "integer",
    "minimum": 1,
    "maximum": 9007199254740991
   },
   "contract": {
    "type": "string",
    "pattern": "^[0-9a-f]{40}$"
   },
   "block_number": {
    "type": "integer",
    "minimum": 0,
    "maximum": 9007199254740991
   },
   "block_hash": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "transaction_hash": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "block_time": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   }
  },
  "required": [
   "tree_size",
   "note_sha256",
   "chain_id",
   "contract",
   "block_number",
   "block_hash",
   "transaction_hash",
   "block_time"
  ],
  "additionalProperties": false
 },
 {
  "title": "evidence.attested/1",
  "x-label-zh": "案卷状态声明",
  "x-label-en": "state of the case attested",
  "x-reserved": true,
  "x-custody": true,
  "type": "object",
  "properties": {
   "seq": {
    "type": "integer",
    "minimum": 1,
    "maximum": 9007199254740991
   },
   "leaf": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "tree_size": {
    "type": "integer",
    "minimum": 1,
    "maximum": 9007199254740991
   }
  },
  "required": [
   "seq",
   "leaf",
   "tree_size"
  ],
  "additionalProperties": false
 },
 {
  "title": "evidence.certificate_issued/1",
  "x-label-zh": "存证证书签发",
  "x-label-en": "certificate of deposit issued",
  "x-reserved": true,
  "x-custody": true,
  "type": "object",
  "properties": {
   "number": {
    "type": "string",
    "pattern": "^(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]$"
   },
   "certificate_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "media_type": {
    "type": "string",
    "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
    "maxLength": 128
   },
   "locales": {
    "type": "array",
    "items": {
     "type": "string",
     "pattern": "^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$",
     "maxLength": 12
    },
    "minItems": 1,
    "maxItems": 8,
    "uniqueItems": true
   },
   "seq": {
    "type": "integer",
    "minimum": 1,
    "maximum": 9007199254740991
   },
   "leaf": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "tree_size": {
    "type": "integer",
    "minimum": 1,
    "maximum": 9007199254740991
   }
  },
  "required": [
   "number",
   "certificate_sha256",
   "media_type",
   "locales",
   "seq",
   "leaf",
   "tree_size"
  ],
  "additionalProperties": false
 },
 {
  "title": "evidence.certificate_revoked/1",
  "x-label-zh": "存证证书作废",
  "x-label-en": "certificate of deposit revoked",
  "x-reserved": true,
  "x-custody": true,
  "type": "object",
  "properties": {
   "number": {
    "type": "string",
    "pattern": "^(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]$"
   },
   "certificate_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "reason": {
    "type": "string",
    "enum": [
     "issued_in_error",
     "content_wrong",
     "key_compromised",
     "court_order",
     "requested",
     "other"
    ]
   }
  },
  "required": [
   "number",
   "certificate_sha256",
   "reason"
  ],
  "additionalProperties": false
 },
 {
  "title": "evidence.certificate_superseded/1",
  "x-label-zh": "存证证书替代",
  "x-label-en": "certificate of deposit superseded",
  "x-reserved": true,
  "x-custody": true,
  "type": "object",
  "properties": {
   "number": {
    "type": "string",
    "pattern": "^(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]$"
   },
   "certificate_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "successor": {
    "type": "string",
    "pattern": "^(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]$"
   }
  },
  "required": [
   "number",
   "certificate_sha256",
   "successor"
  ],
  "additionalProperties": false
 },
 {
  "title": "evidence.exported/1",
  "x-label-zh": "证据导出",
  "x-label-en": "evidence exported",
  "x-reserved": true,
  "x-custody": true,
  "type": "object",
  "properties": {
   "package_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "media_type": {
    "type": "string",
    "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
    "maxLength": 128
   },
   "size": {
    "type": "integer",
    "minimum": 0,
    "maximum": 9007199254740991
   },
   "seq": {
    "type": "integer",
    "minimum": 1,
    "maximum": 9007199254740991
   },
   "leaf": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "tree_size": {
    "type": "integer",
    "minimum": 1,
    "maximum": 9007199254740991
   },
   "recipient_kind": {
    "type": "string",
    "enum": [
     "party",
     "court",
     "arbitration",
     "notary",
     "forensic",
     "lawyer",
     "platform",
     "authority"
    ]
   },
   "purpose": {
    "type": "string",
    "enum": [
     "own_records",
     "litigation",
     "arbitration",
     "notarization",
     "appraisal",
     "audit",
     "supervision"
    ]
   },
   "recipient": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 300
    }
   },
   "opened_values": {
    "type": "integer",
    "minimum": 0,
    "maximum": 65536
   }
  },
  "required": [
   "package_sha256",
   "media_type",
   "size",
   "seq",
   "leaf",
   "tree_size",
   "recipient_kind",
   "purpose",
   "opened_values"
  ],
  "additionalProperties": false
 },
 {
  "title": "evidence.forwarded/1",
  "x-label-zh": "证据送交机构",
  "x-label-en": "evidence forwarded",
  "x-reserved": true,
  "x-custody": true,
  "type": "object",
  "properties": {
   "submission": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "institution": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "institution_kind": {
    "type": "string",
    "enum": [
     "court_chain",
     "notary_office",
     "forensic_centre",
     "arbitration"
    ]
   },
   "simulated": {
    "type": "boolean"
   },
   "content": {
    "type": "string",
    "enum": [
     "package_digest",
     "package",
     "checkpoint"
    ]
   },
   "sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "size": {
    "type": "integer",
    "minimum": 0,
    "maximum": 9007199254740991
   },
   "accepted_at": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "receipt": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 128
    }
   },
   "transaction": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 256
    }
   },
   "response_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   }
  },
  "required": [
   "submission",
   "institution",
   "institution_kind",
   "simulated",
   "content",
   "sha256",
   "size",
   "accepted_at",
   "receipt",
   "response_sha256"
  ],
  "additionalProperties": false
 },
 {
  "title": "evidence.timestamped/1",
  "x-label-zh": "存证时间戳",
  "x-label-en": "checkpoint timestamped",
  "x-reserved": true,
  "x-custody": true,
  "type": "object",
  "properties": {
   "tree_size": {
    "type": "integer",
    "minimum": 1,
    "maximum": 9007199254740991
   },
   "note_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "response_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "tsa": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "test": {
    "type": "boolean"
   },
   "gen_time": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   }
  },
  "required": [
   "tree_size",
   "note_sha256",
   "response_sha256",
   "tsa",
   "test",
   "gen_time"
  ],
  "additionalProperties": false
 },
 {
  "title": "identity.bound/1",
  "x-label-zh": "身份关联",
  "x-label-en": "identity bound",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "identity": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "object",
     "properties": {
      "case": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      },
      "event": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      }
     },
     "required": [
      "case",
      "event"
     ],
     "additionalProperties": false
    }
   },
   "subject_kind": {
    "type": "string",
    "enum": [
     "person",
     "organization"
    ]
   },
   "level": {
    "type": "string",
    "enum": [
     "low",
     "substantial",
     "high"
    ]
   },
   "verified_at": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "account": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 128
    }
   },
   "name": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 200
    }
   }
  },
  "required": [
   "party",
   "identity",
   "subject_kind",
   "level",
   "verified_at"
  ],
  "additionalProperties": false
 },
 {
  "title": "identity.failed/1",
  "x-label-zh": "身份核验未通过",
  "x-label-en": "identity check failed",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "subject_kind": {
    "type": "string",
    "enum": [
     "person",
     "organization"
    ]
   },
   "method": {
    "type": "string",
    "enum": [
     "id2",
     "telecom3",
     "bank3",
     "bank4",
     "face",
     "handheld_id",
     "eid",
     "alipay",
     "manual",
     "registry3",
     "registry4",
     "bank_transfer",
     "legal_rep_face",
     "authorization_letter",
     "alipay_enterprise"
    ]
   },
   "provider": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "provider_txn": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "simulated": {
    "type": "boolean"
   },
   "reason_code": {
    "type": "string",
    "enum": [
     "mismatch",
     "not_found",
     "liveness_failed",
     "provider_error",
     "timed_out",
     "cancelled",
     "document_expired",
     "too_many_attempts"
    ]
   },
   "attempts_left": {
    "type": "integer",
    "minimum": 0,
    "maximum": 100
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "subject_kind",
   "method",
   "provider",
   "simulated",
   "reason_code",
   "attempts_left"
  ],
  "additionalProperties": false
 },
 {
  "title": "identity.organization_verified/1",
  "x-label-zh": "单位身份核验通过",
  "x-label-en": "organisation verified",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "method": {
    "type": "string",
    "enum": [
     "registry3",
     "registry4",
     "bank_transfer",
     "legal_rep_face",
     "authorization_letter",
     "alipay_enterprise",
     "manual"
    ]
   },
   "provider": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "provider_txn": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "simulated": {
    "type": "boolean"
   },
   "result": {
    "type": "string",
    "enum": [
     "match",
     "match_after_review"
    ]
   },
   "level": {
    "type": "string",
    "enum": [
     "low",
     "substantial",
     "high"
    ]
   },
   "fields_verified": {
    "type": "array",
    "items": {
     "type": "string",
     "enum": [
      "organization_name",
      "uscc",
      "legal_representative",
      "bank_account",
      "status"
     ]
    },
    "minItems": 1,
    "maxItems": 5,
    "uniqueItems": true
   },
   "organization_name": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 300
    }
   },
   "uscc": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9A-HJ-NPQRTUWXY]{18}$"
    }
   },
   "legal_representative": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 200
    }
   },
   "agent_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "agent_identity": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "object",
     "properties": {
      "case": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      },
      "event": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      }
     },
     "required": [
      "case",
      "event"
     ],
     "additionalProperties": false
    }
   },
   "authorization": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "evidence": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "sha256": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
       },
       "media_type": {
        "type": "string",
        "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
        "maxLength": 128
       },
       "size": {
        "type": "integer",
        "minimum": 0,
        "maximum": 9007199254740991
       }
      },
      "required": [
       "sha256",
       "media_type",
       "size"
      ],
      "additionalProperties": false
     },
     "minItems": 1,
     "maxItems": 16,
     "uniqueItems": true
    }
   }
  },
  "required": [
   "method",
   "provider",
   "provider_txn",
   "simulated",
   "result",
   "level",
   "fields_verified",
   "organization_name",
   "uscc",
   "legal_representative"
  ],
  "additionalProperties": false
 },
 {
  "title": "identity.organization_verified/2",
  "x-label-zh": "单位身份核验通过",
  "x-label-en": "organisation verified",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "method": {
    "type": "string",
    "enum": [
     "registry3",
     "registry4",
     "bank_transfer",
     "legal_rep_face",
     "authorization_letter",
     "alipay_enterprise",
     "manual"
    ]
   },
   "provider": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "provider_txn": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "simulated": {
    "type": "boolean"
   },
   "result": {
    "type": "string",
    "enum": [
     "match",
     "match_after_review"
    ]
   },
   "level": {
    "type": "string",
    "enum": [
     "low",
     "substantial",
     "high"
    ]
   },
   "verified_at": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "fields_verified": {
    "type": "array",
    "items": {
     "type": "string",
     "enum": [
      "organization_name",
      "uscc",
      "legal_representative",
      "bank_account",
      "status"
     ]
    },
    "minItems": 1,
    "maxItems": 5,
    "uniqueItems": true
   },
   "organization_name": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 300
    }
   },
   "uscc": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9A-HJ-NPQRTUWXY]{18}$"
    }
   },
   "legal_representative": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 200
    }
   },
   "agent_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "agent_identity": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "object",
     "properties": {
      "case": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      },
      "event": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      }
     },
     "required": [
      "case",
      "event"
     ],
     "additionalProperties": false
    }
   },
   "authorization": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "evidence": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "sha256": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
       },
       "media_type": {
        "type": "string",
        "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
        "maxLength": 128
       },
       "size": {
        "type": "integer",
        "minimum": 0,
        "maximum": 9007199254740991
       }
      },
      "required": [
       "sha256",
       "media_type",
       "size"
      ],
      "additionalProperties": false
     },
     "minItems": 1,
     "maxItems": 16,
     "uniqueItems": true
    }
   }
  },
  "required": [
   "method",
   "provider",
   "provider_txn",
   "simulated",
   "result",
   "level",
   "verified_at",
   "fields_verified",
   "organization_name",
   "uscc",
   "legal_representative"
  ],
  "additionalProperties": false
 },
 {
  "title": "identity.person_verified/1",
  "x-label-zh": "个人身份核验通过",
  "x-label-en": "person verified",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "method": {
    "type": "string",
    "enum": [
     "id2",
     "telecom3",
     "bank3",
     "bank4",
     "face",
     "handheld_id",
     "eid",
     "alipay",
     "manual"
    ]
   },
   "provider": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "provider_txn": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "simulated": {
    "type": "boolean"
   },
   "result": {
    "type": "string",
    "enum": [
     "match",
     "match_after_review"
    ]
   },
   "level": {
    "type": "string",
    "enum": [
     "low",
     "substantial",
     "high"
    ]
   },
   "fields_verified": {
    "type": "array",
    "items": {
     "type": "string",
     "enum": [
      "name",
      "id_number",
      "phone",
      "bank_card",
      "face",
      "validity"
     ]
    },
    "minItems": 1,
    "maxItems": 6,
    "uniqueItems": true
   },
   "name": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 200
    }
   },
   "id_type": {
    "type": "string",
    "enum": [
     "id_card",
     "passport",
     "hk_macao_permit",
     "taiwan_permit",
     "foreign_residence_permit",
     "other"
    ]
   },
   "id_number": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 4,
     "maxLength": 64
    }
   },
   "phone": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^\\+?[0-9]{5,20}$"
    }
   },
   "bank_card_last4": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9]{4}$"
    }
   },
   "score_ppm": {
    "type": "integer",
    "minimum": 0,
    "maximum": 1000000
   },
   "evidence": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "sha256": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
       },
       "media_type": {
        "type": "string",
        "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
        "maxLength": 128
       },
       "size": {
        "type": "integer",
        "minimum": 0,
        "maximum": 9007199254740991
       }
      },
      "required": [
       "sha256",
       "media_type",
       "size"
      ],
      "additionalProperties": false
     },
     "minItems": 1,
     "maxItems": 16,
     "uniqueItems": true
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "method",
   "provider",
   "provider_txn",
   "simulated",
   "result",
   "level",
   "fields_verified",
   "name",
   "id_type",
   "id_number"
  ],
  "additionalProperties": false
 },
 {
  "title": "identity.person_verified/2",
  "x-label-zh": "个人身份核验通过",
  "x-label-en": "person verified",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "method": {
    "type": "string",
    "enum": [
     "id2",
     "telecom3",
     "bank3",
     "bank4",
     "face",
     "handheld_id",
     "eid",
     "alipay",
     "manual"
    ]
   },
   "provider": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "provider_txn": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "simulated": {
    "type": "boolean"
   },
   "result": {
    "type": "string",
    "enum": [
     "match",
     "match_after_review"
    ]
   },
   "level": {
    "type": "string",
    "enum": [
     "low",
     "substantial",
     "high"
    ]
   },
   "verified_at": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "fields_verified": {
    "type": "array",
    "items": {
     "type": "string",
     "enum": [
      "name",
      "id_number",
      "phone",
      "bank_card",
      "face",
      "validity"
     ]
    },
    "minItems": 1,
    "maxItems": 6,
    "uniqueItems": true
   },
   "name": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 200
    }
   },
   "id_type": {
    "type": "string",
    "enum": [
     "id_card",
     "passport",
     "hk_macao_permit",
     "taiwan_permit",
     "foreign_residence_permit",
     "other"
    ]
   },
   "id_number": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 4,
     "maxLength": 64
    }
   },
   "phone": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^\\+?[0-9]{5,20}$"
    }
   },
   "bank_card_last4": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9]{4}$"
    }
   },
   "score_ppm": {
    "type": "integer",
    "minimum": 0,
    "maximum": 1000000
   },
   "evidence": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "sha256": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
       },
       "media_type": {
        "type": "string",
        "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
        "maxLength": 128
       },
       "size": {
        "type": "integer",
        "minimum": 0,
        "maximum": 9007199254740991
       }
      },
      "required": [
       "sha256",
       "media_type",
       "size"
      ],
      "additionalProperties": false
     },
     "minItems": 1,
     "maxItems": 16,
     "uniqueItems": true
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "method",
   "provider",
   "provider_txn",
   "simulated",
   "result",
   "level",
   "verified_at",
   "fields_verified",
   "name",
   "id_type",
   "id_number"
  ],
  "additionalProperties": false
 },
 {
  "title": "identity.reviewed/1",
  "x-label-zh": "身份人工审核",
  "x-label-en": "identity reviewed",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "subject_kind": {
    "type": "string",
    "enum": [
     "person",
     "organization"
    ]
   },
   "method": {
    "type": "string",
    "enum": [
     "id2",
     "telecom3",
     "bank3",
     "bank4",
     "face",
     "handheld_id",
     "eid",
     "alipay",
     "manual",
     "registry3",
     "registry4",
     "bank_transfer",
     "legal_rep_face",
     "authorization_letter",
     "alipay_enterprise"
    ]
   },
   "reviewer": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "result": {
    "type": "string",
    "enum": [
     "approved",
     "rejected"
    ]
   },
   "reason_code": {
    "type": "string",
    "enum": [
     "unclear_material",
     "mismatch",
     "document_expired",
     "suspected_forgery",
     "not_authorised",
     "other"
    ]
   },
   "started_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "evidence": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "sha256": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
       },
       "media_type": {
        "type": "string",
        "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
        "maxLength": 128
       },
       "size": {
        "type": "integer",
        "minimum": 0,
        "maximum": 9007199254740991
       }
      },
      "required": [
       "sha256",
       "media_type",
       "size"
      ],
      "additionalProperties": false
     },
     "minItems": 1,
     "maxItems": 16,
     "uniqueItems": true
    }
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "subject_kind",
   "method",
   "reviewer",
   "result"
  ],
  "additionalProperties": false
 },
 {
  "title": "identity.started/1",
  "x-label-zh": "身份核验开始",
  "x-label-en": "identity check started",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "subject_kind": {
    "type": "string",
    "enum": [
     "person",
     "organization"
    ]
   },
   "level": {
    "type": "string",
    "enum": [
     "low",
     "substantial",
     "high"
    ]
   },
   "methods": {
    "type": "array",
    "items": {
     "type": "string",
     "enum": [
      "id2",
      "telecom3",
      "bank3",
      "bank4",
      "face",
      "handheld_id",
      "eid",
      "alipay",
      "manual",
      "registry3",
      "registry4",
      "bank_transfer",
      "legal_rep_face",
      "authorization_letter",
      "alipay_enterprise"
     ]
    },
    "minItems": 1,
    "maxItems": 12,
    "uniqueItems": true
   },
   "account": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 128
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "subject_kind",
   "level",
   "methods"
  ],
  "additionalProperties": false
 },
 {
  "title": "intent.challenge_sent/1",
  "x-label-zh": "意愿核验发起",
  "x-label-en": "intent challenge sent",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "challenge_id": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "method": {
    "type": "string",
    "enum": [
     "otp_sms",
     "otp_email",
     "face",
     "password",
     "ukey",
     "video",
     "voice"
    ]
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "challenge": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "challenge_nonce": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{21}[AQgw]$"
   },
   "case_head": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "expires_at": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "target": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 254
    }
   },
   "provider": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "provider_txn": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "simulated": {
    "type": "boolean"
   }
  },
  "required": [
   "challenge_id",
   "party",
   "method",
   "document_sha256",
   "challenge",
   "expires_at",
   "target",
   "provider",
   "simulated"
  ],
  "additionalProperties": false
 },
 {
  "title": "intent.confirmed/1",
  "x-label-zh": "签署意愿确认",
  "x-label-en": "intent confirmed",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "challenge_id": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "challenge": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "methods": {
    "type": "array",
    "items": {
     "type": "string",
     "enum": [
      "otp_sms",
      "otp_email",
      "face",
      "password",
      "ukey",
      "video",
      "voice"
     ]
    },
    "minItems": 1,
    "maxItems": 7,
    "uniqueItems": true
   },
   "statement_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "locale": {
    "type": "string",
    "pattern": "^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$",
    "maxLength": 12
   },
   "action": {
    "type": "string",
    "enum": [
     "checkbox",
     "click",
     "scroll_and_click",
     "signature",
     "voice"
    ]
   },
   "terminal": {
    "type": "string",
    "enum": [
     "pc",
     "h5",
     "app",
     "mini_program",
     "dingtalk",
     "wecom",
     "api",
     "system"
    ]
   },
   "session": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   },
   "geo": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "object",
     "properties": {
      "latitude_udeg": {
       "type": "integer",
       "minimum": -90000000,
       "maximum": 90000000
      },
      "longitude_udeg": {
       "type": "integer",
       "minimum": -180000000,
       "maximum": 180000000
      },
      "accuracy_m": {
       "type": "integer",
       "minimum": 0,
       "maximum": 1000000
      }
     },
     "required": [
      "latitude_udeg",
      "longitude_udeg"
     ],
     "additionalProperties": false
    }
   }
  },
  "required": [
   "party",
   "document",
   "document_sha256",
   "challenge_id",
   "challenge",
   "methods",
   "statement_sha256",
   "locale",
   "action",
   "terminal"
  ],
  "additionalProperties": false
 },
 {
  "title": "intent.face_verified/1",
  "x-label-zh": "人脸核验通过",
  "x-label-en": "face verified",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "challenge_id": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "challenge": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "provider": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "provider_txn": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "simulated": {
    "type": "boolean"
   },
   "liveness": {
    "type": "string",
    "enum": [
     "passed",
     "passed_after_review"
    ]
   },
   "score_ppm": {
    "type": "integer",
    "minimum": 0,
    "maximum": 1000000
   },
   "threshold_ppm": {
    "type": "integer",
    "minimum": 0,
    "maximum": 1000000
   },
   "attempts": {
    "type": "integer",
    "minimum": 1,
    "maximum": 100
   },
   "evidence": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "sha256": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
       },
       "media_type": {
        "type": "string",
        "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
        "maxLength": 128
       },
       "size": {
        "type": "integer",
        "minimum": 0,
        "maximum": 9007199254740991
       }
      },
      "required": [
       "sha256",
       "media_type",
       "size"
      ],
      "additionalProperties": false
     },
     "minItems": 1,
     "maxItems": 16,
     "uniqueItems": true
    }
   },
   "session": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "challenge_id",
   "party",
   "document_sha256",
   "challenge",
   "provider",
   "provider_txn",
   "simulated",
   "liveness",
   "score_ppm",
   "threshold_ppm"
  ],
  "additionalProperties": false
 },
 {
  "title": "intent.failed/1",
  "x-label-zh": "意愿核验未通过",
  "x-label-en": "intent check failed",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "challenge_id": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "method": {
    "type": "string",
    "enum": [
     "otp_sms",
     "otp_email",
     "face",
     "password",
     "ukey",
     "video",
     "voice"
    ]
   },
   "reason_code": {
    "type": "string",
    "enum": [
     "wrong_answer",
     "expired",
     "liveness_failed",
     "mismatch",
     "cancelled",
     "too_many_attempts",
     "provider_error"
    ]
   },
   "attempts_left": {
    "type": "integer",
    "minimum": 0,
    "maximum": 100
   },
   "session": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "challenge_id",
   "party",
   "method",
   "reason_code",
   "attempts_left"
  ],
  "additionalProperties": false
 },
 {
  "title": "intent.otp_verified/1",
  "x-label-zh": "验证码核验通过",
  "x-label-en": "one-time password verified",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "challenge_id": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "channel": {
    "type": "string",
    "enum": [
     "sms",
     "email",
     "voice"
    ]
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "challenge": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "attempts": {
    "type": "integer",
    "minimum": 1,
    "maximum": 100
   },
   "provider": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "simulated": {
    "type": "boolean"
   },
   "session": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "challenge_id",
   "party",
   "channel",
   "document_sha256",
   "challenge",
   "attempts",
   "provider",
   "simulated"
  ],
  "additionalProperties": false
 },
 {
  "title": "intent.password_verified/1",
  "x-label-zh": "签署密码核验通过",
  "x-label-en": "signing password verified",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "challenge_id": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "challenge": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "attempts": {
    "type": "integer",
    "minimum": 1,
    "maximum": 100
   },
   "session": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "challenge_id",
   "party",
   "document_sha256",
   "challenge",
   "attempts"
  ],
  "additionalProperties": false
 },
 {
  "title": "key.compromised/1",
  "x-label-zh": "密钥泄露",
  "x-label-en": "key compromised",
  "x-reserved": true,
  "x-custody": false,
  "type": "object",
  "properties": {
   "key_kind": {
    "type": "string",
    "enum": [
     "submitter",
     "log",
     "publisher",
     "report"
    ]
   },
   "tenant": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "kid": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "notice_at": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "claimed_since": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "authority": {
    "type": "string",
    "enum": [
     "recovery_key",
     "key_holder",
     "operator"
    ]
   },
   "statement": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{16,1024}\\.[A-Za-z0-9_-]{0,4096}\\.[A-Za-z0-9_-]{64,1024}$",
    "maxLength": 6144
   }
  },
  "required": [
   "key_kind",
   "kid",
   "notice_at",
   "authority"
  ],
  "additionalProperties": false
 },
 {
  "title": "key.registered/1",
  "x-label-zh": "密钥登记",
  "x-label-en": "key registered",
  "x-reserved": true,
  "x-custody": false,
  "type": "object",
  "properties": {
   "tenant": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "kid": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "spki": {
    "type": "string",
    "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$",
    "maxLength": 1024,
    "minLength": 40
   },
   "algorithm": {
    "type": "string",
    "enum": [
     "EdDSA",
     "ES256",
     "ES384",
     "PS256",
     "RS256",
     "SM2"
    ]
   },
   "possession": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{16,1024}\\.[A-Za-z0-9_-]{0,4096}\\.[A-Za-z0-9_-]{64,1024}$",
    "maxLength": 6144
   },
   "organization_name": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 300
    }
   },
   "uscc": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9A-HJ-NPQRTUWXY]{18}$"
    }
   },
   "certificate": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   }
  },
  "required": [
   "tenant",
   "kid",
   "spki",
   "algorithm",
   "possession"
  ],
  "additionalProperties": false
 },
 {
  "title": "key.revoked/1",
  "x-label-zh": "密钥注销",
  "x-label-en": "key revoked",
  "x-reserved": true,
  "x-custody": false,
  "type": "object",
  "properties": {
   "tenant": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "kid": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "reason_code": {
    "type": "string",
    "enum": [
     "superseded",
     "ceased",
     "compromised",
     "administrative"
    ]
   },
   "requested_by": {
    "type": "string",
    "enum": [
     "key_holder",
     "tenant",
     "operator"
    ]
   }
  },
  "required": [
   "tenant",
   "kid",
   "reason_code",
   "requested_by"
  ],
  "additionalProperties": false
 },
 {
  "title": "key.rotated/1",
  "x-label-zh": "密钥更换",
  "x-label-en": "key rotated",
  "x-reserved": true,
  "x-custody": false,
  "type": "object",
  "properties": {
   "tenant": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "old_kid": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "new_kid": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "spki": {
    "type": "string",
    "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$",
    "maxLength": 1024,
    "minLength": 40
   },
   "algorithm": {
    "type": "string",
    "enum": [
     "EdDSA",
     "ES256",
     "ES384",
     "PS256",
     "RS256",
     "SM2"
    ]
   },
   "possession": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{16,1024}\\.[A-Za-z0-9_-]{0,4096}\\.[A-Za-z0-9_-]{64,1024}$",
    "maxLength": 6144
   },
   "authorization": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{16,1024}\\.[A-Za-z0-9_-]{0,4096}\\.[A-Za-z0-9_-]{64,1024}$",
    "maxLength": 6144
   }
  },
  "required": [
   "tenant",
   "old_kid",
   "new_kid",
   "spki",
   "algorithm",
   "possession",
   "authorization"
  ],
  "additionalProperties": false
 },
 {
  "title": "log.clock/1",
  "x-label-zh": "时钟状态",
  "x-label-en": "state of the clock",
  "x-reserved": true,
  "x-custody": false,
  "type": "object",
  "properties": {
   "offset_ms": {
    "type": "integer",
    "minimum": -86400000,
    "maximum": 86400000
   },
   "maximum_error_ms": {
    "type": "integer",
    "minimum": 0,
    "maximum": 86400000
   },
   "source": {
    "type": "string",
    "enum": [
     "ntp",
     "ptp",
     "gnss",
     "tsa",
     "operating_system",
     "none"
    ]
   },
   "measured_at": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "synchronized": {
    "type": "boolean"
   }
  },
  "required": [
   "offset_ms",
   "source",
   "measured_at"
  ],
  "additionalProperties": false
 },
 {
  "title": "log.created/1",
  "x-label-zh": "日志创建",
  "x-label-en": "log created",
  "x-reserved": true,
  "x-custody": false,
  "type": "object",
  "properties": {
   "origin": {
    "type": "string",
    "pattern": "^[!-*,-~]{1,255}$",
    "maxLength": 255
   },
   "vkey": {
    "type": "string",
    "pattern": "^[!-*,-~]{1,255}\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]{44}$",
    "maxLength": 512
   },
   "hash": {
    "type": "string",
    "enum": [
     "sha256"
    ]
   },
   "log_case": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "recovery_key": {
    "type": "string",
    "pattern": "^[!-*,-~]{1,255}\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]{44}$",
    "maxLength": 512
   },
   "previous_origin": {
    "type": "string",
    "pattern": "^[!-*,-~]{1,255}$",
    "maxLength": 255
   },
   "previous_size": {
    "type": "integer",
    "minimum": 0,
    "maximum": 9007199254740991
   },
   "previous_root": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   }
  },
  "required": [
   "origin",
   "vkey",
   "hash",
   "log_case"
  ],
  "additionalProperties": false
 },
 {
  "title": "log.frozen/1",
  "x-label-zh": "日志冻结",
  "x-label-en": "log frozen",
  "x-reserved": true,
  "x-custody": false,
  "type": "object",
  "properties": {
   "reason_code": {
    "type": "string",
    "enum": [
     "key_compromise",
     "memory_lost",
     "successor",
     "operator",
     "poisoned"
    ]
   },
   "size": {
    "type": "integer",
    "minimum": 0,
    "maximum": 9007199254740991
   },
   "root": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "successor": {
    "type": "string",
    "pattern": "^[!-*,-~]{1,255}$",
    "maxLength": 255
   }
  },
  "required": [
   "reason_code",
   "size",
   "root"
  ],
  "additionalProperties": false
 },
 {
  "title": "notification.bounced/1",
  "x-label-zh": "通知退回",
  "x-label-en": "notification bounced",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "notification": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "bounced_at": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "reason_code": {
    "type": "string",
    "enum": [
     "unknown_recipient",
     "mailbox_full",
     "refused",
     "blocked",
     "unreachable",
     "timed_out",
     "provider_error",
     "other"
    ]
   },
   "permanent": {
    "type": "boolean"
   },
   "provider": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "provider_txn": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "simulated": {
    "type": "boolean"
   },
   "receipt": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   }
  },
  "required": [
   "notification",
   "party",
   "bounced_at",
   "reason_code",
   "permanent",
   "provider",
   "simulated"
  ],
  "additionalProperties": false
 },
 {
  "title": "notification.delivered/1",
  "x-label-zh": "通知送达",
  "x-label-en": "notification delivered",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "notification": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "delivered_at": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "provider": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "provider_txn": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "simulated": {
    "type": "boolean"
   },
   "receipt": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   }
  },
  "required": [
   "notification",
   "party",
   "delivered_at",
   "provider",
   "simulated"
  ],
  "additionalProperties": false
 },
 {
  "title": "notification.opened/1",
  "x-label-zh": "通知打开",
  "x-label-en": "notification opened",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "notification": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "act": {
    "type": "string",
    "enum": [
     "opened",
     "clicked"
    ]
   },
   "terminal": {
    "type": "string",
    "enum": [
     "pc",
     "h5",
     "app",
     "mini_program",
     "dingtalk",
     "wecom",
     "api",
     "system"
    ]
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "notification",
   "party",
   "act"
  ],
  "additionalProperties": false
 },
 {
  "title": "notification.sent/1",
  "x-label-zh": "通知发送",
  "x-label-en": "notification sent",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "notification": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "channel": {
    "type": "string",
    "enum": [
     "sms",
     "email",
     "qr",
     "app",
     "wechat",
     "dingtalk",
     "wecom",
     "webhook",
     "portal",
     "paper"
    ]
   },
   "purpose": {
    "type": "string",
    "enum": [
     "sign_request",
     "one_time_password",
     "reminder",
     "completion",
     "rejection",
     "withdrawal",
     "void_request",
     "copy"
    ]
   },
   "provider": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "provider_txn": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "simulated": {
    "type": "boolean"
   },
   "target": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 254
    }
   },
   "template_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   }
  },
  "required": [
   "notification",
   "party",
   "channel",
   "purpose",
   "provider",
   "simulated",
   "target",
   "template_sha256"
  ],
  "additionalProperties": false
 },
 {
  "title": "party.delegated/1",
  "x-label-zh": "转交签署",
  "x-label-en": "signing delegated",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "from_party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "to_party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "delegate_name": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 200
    }
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   },
   "authorization": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "from_party",
   "to_party",
   "reason"
  ],
  "additionalProperties": false
 },
 {
  "title": "party.rejected/1",
  "x-label-zh": "拒签",
  "x-label-en": "party refused to sign",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "reason_code": {
    "type": "string",
    "enum": [
     "content",
     "identity",
     "not_authorized",
     "not_involved",
     "other",
     "none_given"
    ]
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "party",
   "document_sha256",
   "reason_code",
   "reason"
  ],
  "additionalProperties": false
 },
 {
  "title": "party.signed/1",
  "x-label-zh": "签署",
  "x-label-en": "party signed",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "before_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "after_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "field": {
    "type": "string",
    "pattern": "^[A-Za-z][A-Za-z0-9_-]{0,63}$"
   },
   "byte_range": {
    "type": "array",
    "items": {
     "type": "integer",
     "minimum": 0,
     "maximum": 9007199254740991
    },
    "minItems": 4,
    "maxItems": 4
   },
   "signature_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "signature_algorithm": {
    "type": "string",
    "enum": [
     "sm2_sm3",
     "rsa_sha256",
     "rsa_pss_sha256",
     "ecdsa_sha256",
     "ecdsa_sha384",
     "ed25519"
    ]
   },
   "level": {
    "type": "string",
    "enum": [
     "pades_b_b",
     "pades_b_t",
     "pades_b_lt",
     "pades_b_lta",
     "cms",
     "gm_seal"
    ]
   },
   "certificate": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "key": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "intent_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "seal_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "challenge": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
   },
   "signing_time": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "signing_time_source": {
    "type": "string",
    "enum": [
     "signer_clock",
     "platform_clock",
     "tsa"
    ]
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "party",
   "document",
   "before_sha256",
   "after_sha256",
   "field",
   "byte_range",
   "signature_sha256",
   "signature_algorithm",
   "level",
   "certificate",
   "intent_event",
   "signing_time",
   "signing_time_source"
  ],
  "additionalProperties": false
 },
 {
  "title": "privacy.erased/1",
  "x-label-zh": "个人信息删除",
  "x-label-en": "personal data erased",
  "x-reserved": true,
  "x-custody": true,
  "type": "object",
  "properties": {
   "erased": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "event": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      },
      "fields": {
       "type": "array",
       "items": {
        "type": "string",
        "pattern": "^(?:/[a-z0-9_]{1,64}){1,6}$",
        "maxLength": 300
       },
       "minItems": 1,
       "maxItems": 256,
       "uniqueItems": true
      }
     },
     "required": [
      "event"
     ],
     "additionalProperties": false
    },
    "minItems": 1,
    "maxItems": 256,
    "uniqueItems": true
   },
   "basis": {
    "type": "string",
    "enum": [
     "request",
     "consent_withdrawn",
     "retention_ended",
     "court_order",
     "purpose_fulfilled"
    ]
   },
   "exported_before": {
    "type": "boolean"
   }
  },
  "required": [
   "erased",
   "basis",
   "exported_before"
  ],
  "additionalProperties": false
 },
 {
  "title": "schema.published/1",
  "x-label-zh": "事件格式发布",
  "x-label-en": "schema published",
  "x-reserved": true,
  "x-custody": false,
  "type": "object",
  "properties": {
   "type": {
    "type": "string",
    "pattern": "^[a-z][a-z0-9_]{1,31}\\.[a-z][a-z0-9_]{1,47}/[1-9][0-9]{0,2}$",
    "maxLength": 88
   },
   "sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "size": {
    "type": "integer",
    "minimum": 2,
    "maximum": 1048576
   }
  },
  "required": [
   "type",
   "sha256",
   "size"
  ],
  "additionalProperties": false
 },
 {
  "title": "seal.approved/1",
  "x-label-zh": "印章审核通过",
  "x-label-en": "seal approved",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "seal": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    }
   },
   "image": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "approver": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "created_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "seal",
   "image",
   "approver",
   "created_event"
  ],
  "additionalProperties": false
 },
 {
  "title": "seal.created/1",
  "x-label-zh": "印章创建",
  "x-label-en": "seal created",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "seal": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    }
   },
   "method": {
    "type": "string",
    "enum": [
     "upload",
     "template",
     "handwritten"
    ]
   },
   "shape": {
    "type": "string",
    "enum": [
     "circle",
     "ellipse",
     "square",
     "rectangle"
    ]
   },
   "seal_type": {
    "type": "string",
    "enum": [
     "official",
     "contract",
     "finance",
     "hr",
     "invoice",
     "legal_person",
     "personal",
     "other"
    ]
   },
   "image": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "width_um": {
    "type": "integer",
    "minimum": 1000,
    "maximum": 200000
   },
   "height_um": {
    "type": "integer",
    "minimum": 1000,
    "maximum": 200000
   },
   "inscription": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 200
    }
   },
   "filing_number": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9A-Z-]{4,32}$"
    }
   }
  },
  "required": [
   "seal",
   "method",
   "shape",
   "seal_type",
   "image",
   "width_um",
   "height_um"
  ],
  "additionalProperties": false
 },
 {
  "title": "seal.destroyed/1",
  "x-label-zh": "印章销毁",
  "x-label-en": "seal destroyed",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "seal": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    }
   },
   "image": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "reason_code": {
    "type": "string",
    "enum": [
     "lost",
     "misuse",
     "replaced",
     "dissolved",
     "name_changed",
     "other"
    ]
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "seal",
   "image",
   "reason_code"
  ],
  "additionalProperties": false
 },
 {
  "title": "seal.disabled/1",
  "x-label-zh": "印章停用",
  "x-label-en": "seal disabled",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "seal": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    }
   },
   "image": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "reason_code": {
    "type": "string",
    "enum": [
     "lost",
     "misuse",
     "replaced",
     "holder_left",
     "name_changed",
     "other"
    ]
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "seal",
   "image",
   "reason_code"
  ],
  "additionalProperties": false
 },
 {
  "title": "seal.enabled/1",
  "x-label-zh": "印章启用",
  "x-label-en": "seal enabled",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "seal": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    }
   },
   "image": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "seal",
   "image"
  ],
  "additionalProperties": false
 },
 {
  "title": "seal.grant_revoked/1",
  "x-label-zh": "印章授权撤销",
  "x-label-en": "grant of a seal revoked",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "seal": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    }
   },
   "grant_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "reason_code": {
    "type": "string",
    "enum": [
     "no_longer_needed",
     "misuse",
     "holder_left",
     "seal_destroyed",
     "other"
    ]
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "seal",
   "grant_event",
   "reason_code"
  ],
  "additionalProperties": false
 },
 {
  "title": "seal.granted/1",
  "x-label-zh": "印章授权",
  "x-label-en": "seal granted",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "seal": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    }
   },
   "grantee": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 200
    }
   },
   "scope": {
    "type": "string",
    "enum": [
     "single_contract",
     "document_kinds",
     "all"
    ]
   },
   "document_kinds": {
    "type": "array",
    "items": {
     "type": "string",
     "enum": [
      "labour",
      "lease",
      "sale",
      "service",
      "loan",
      "nda",
      "other"
     ]
    },
    "minItems": 1,
    "maxItems": 7,
    "uniqueItems": true
   },
   "valid_from": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "valid_to": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "max_uses": {
    "type": "integer",
    "minimum": 1,
    "maximum": 1000000
   },
   "authorization": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   }
  },
  "required": [
   "seal",
   "grantee",
   "scope",
   "valid_from",
   "valid_to"
  ],
  "additionalProperties": false
 },
 {
  "title": "seal.rejected/1",
  "x-label-zh": "印章审核驳回",
  "x-label-en": "seal refused",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "seal": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    }
   },
   "image": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "approver": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "created_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "seal",
   "image",
   "approver",
   "created_event",
   "reason"
  ],
  "additionalProperties": false
 },
 {
  "title": "seal.use_approved/1",
  "x-label-zh": "用印审批通过",
  "x-label-en": "use of seal approved",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "seal": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    }
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "approver": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "grant": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "object",
     "properties": {
      "case": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      },
      "event": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      }
     },
     "required": [
      "case",
      "event"
     ],
     "additionalProperties": false
    }
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "seal",
   "document_sha256",
   "approver"
  ],
  "additionalProperties": false
 },
 {
  "title": "seal.use_rejected/1",
  "x-label-zh": "用印审批驳回",
  "x-label-en": "use of a seal refused",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "seal": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    }
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "approver": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "request_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "seal",
   "document_sha256",
   "approver",
   "reason"
  ],
  "additionalProperties": false
 },
 {
  "title": "seal.use_requested/1",
  "x-label-zh": "用印申请",
  "x-label-en": "use of a seal requested",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "seal": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    }
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "requester": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "grant": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "object",
     "properties": {
      "case": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      },
      "event": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      }
     },
     "required": [
      "case",
      "event"
     ],
     "additionalProperties": false
    }
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "seal",
   "document_sha256",
   "requester"
  ],
  "additionalProperties": false
 },
 {
  "title": "seal.used/1",
  "x-label-zh": "用印",
  "x-label-en": "seal used",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "seal": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    }
   },
   "image": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "before_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "after_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "placement": {
    "type": "object",
    "properties": {
     "page": {
      "type": "integer",
      "minimum": 1,
      "maximum": 100000
     },
     "x_mpt": {
      "type": "integer",
      "minimum": 0,
      "maximum": 100000000
     },
     "y_mpt": {
      "type": "integer",
      "minimum": 0,
      "maximum": 100000000
     },
     "width_mpt": {
      "type": "integer",
      "minimum": 1,
      "maximum": 100000000
     },
     "height_mpt": {
      "type": "integer",
      "minimum": 1,
      "maximum": 100000000
     }
    },
    "required": [
     "page",
     "x_mpt",
     "y_mpt",
     "width_mpt",
     "height_mpt"
    ],
    "additionalProperties": false
   },
   "approval_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "grant": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "object",
     "properties": {
      "case": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      },
      "event": {
       "type": "string",
       "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
      }
     },
     "required": [
      "case",
      "event"
     ],
     "additionalProperties": false
    }
   },
   "certificate": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   }
  },
  "required": [
   "party",
   "seal",
   "image",
   "document",
   "before_sha256",
   "after_sha256",
   "placement"
  ],
  "additionalProperties": false
 },
 {
  "title": "signature.timestamped/1",
  "x-label-zh": "签名时间戳",
  "x-label-en": "signature timestamped",
  "x-reserved": false,
  "x-custody": true,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "signed_event": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "token_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "tsa": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "test": {
    "type": "boolean"
   },
   "serial_number": {
    "type": "string",
    "pattern": "^(?:0|[1-9][0-9]{0,48})$"
   },
   "gen_time": {
    "type": "string",
    "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$",
    "format": "date-time"
   },
   "accuracy_us": {
    "type": "integer",
    "minimum": 0,
    "maximum": 9007199254740991
   },
   "policy_oid": {
    "type": "string",
    "pattern": "^[0-2](?:\\.(?:0|[1-9][0-9]{0,38})){1,31}$",
    "maxLength": 128
   },
   "imprint_algorithm": {
    "type": "string",
    "enum": [
     "sha256",
     "sha384",
     "sha512",
     "sm3"
    ]
   },
   "imprint": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}(?:[0-9a-f]{32}){0,2}$"
   }
  },
  "required": [
   "signed_event",
   "document_sha256",
   "token_sha256",
   "tsa",
   "test",
   "serial_number",
   "gen_time",
   "policy_oid",
   "imprint_algorithm",
   "imprint"
  ],
  "additionalProperties": false
 },
 {
  "title": "template.archived/1",
  "x-label-zh": "模板停用",
  "x-label-en": "template archived",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "template": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "template_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "version": {
    "type": "integer",
    "minimum": 1,
    "maximum": 1000000
   },
   "reason": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 0,
     "maxLength": 2000
    }
   }
  },
  "required": [
   "template",
   "template_sha256",
   "version"
  ],
  "additionalProperties": false
 },
 {
  "title": "template.created/1",
  "x-label-zh": "模板创建",
  "x-label-en": "template created",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "template": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "template_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "media_type": {
    "type": "string",
    "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
    "maxLength": 128
   },
   "size": {
    "type": "integer",
    "minimum": 0,
    "maximum": 9007199254740991
   },
   "version": {
    "type": "integer",
    "minimum": 1,
    "maximum": 1000000
   },
   "field_count": {
    "type": "integer",
    "minimum": 0,
    "maximum": 10000
   },
   "title": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 500
    }
   }
  },
  "required": [
   "template",
   "template_sha256",
   "media_type",
   "size",
   "version",
   "field_count"
  ],
  "additionalProperties": false
 },
 {
  "title": "template.updated/1",
  "x-label-zh": "模板更新",
  "x-label-en": "template updated",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "template": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "template_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "media_type": {
    "type": "string",
    "pattern": "^(?:application|audio|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}$",
    "maxLength": 128
   },
   "size": {
    "type": "integer",
    "minimum": 0,
    "maximum": 9007199254740991
   },
   "version": {
    "type": "integer",
    "minimum": 1,
    "maximum": 1000000
   },
   "field_count": {
    "type": "integer",
    "minimum": 0,
    "maximum": 10000
   },
   "title": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 500
    }
   }
  },
  "required": [
   "template",
   "template_sha256",
   "media_type",
   "size",
   "version",
   "field_count"
  ],
  "additionalProperties": false
 },
 {
  "title": "terms.acknowledged/1",
  "x-label-zh": "异常条款确认",
  "x-label-en": "unusual terms acknowledged",
  "x-reserved": false,
  "x-custody": false,
  "type": "object",
  "properties": {
   "party": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document": {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
   },
   "document_sha256": {
    "oneOf": [
     {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     {
      "$ref": "#/$defs/sealed"
     }
    ],
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$"
    }
   },
   "terms": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "kind": {
       "type": "string",
       "enum": [
        "automatic_renewal",
        "liquidated_damages",
        "exclusion_of_liability",
        "dispute_resolution",
        "unilateral_change",
        "unilateral_termination",
        "deposit",
        "guarantee",
        "waiver_of_rights",
        "personal_information",
        "other"
       ]
      },
      "source": {
       "type": "string",
       "enum": [
        "marked",
        "keyword"
       ]
      },
      "placement": {
       "type": "object",
       "properties": {
        "page": {
         "type": "integer",
         "minimum": 1,
         "maximum": 100000
        },
        "x_mpt": {
         "type": "integer",
         "minimum": 0,
         "maximum": 100000000
        },
        "y_mpt": {
         "type": "integer",
         "minimum": 0,
         "maximum": 100000000
        },
        "width_mpt": {
         "type": "integer",
         "minimum": 1,
         "maximum": 100000000
        },
        "height_mpt": {
         "type": "integer",
         "minimum": 1,
         "maximum": 100000000
        }
       },
       "required": [
        "page",
        "x_mpt",
        "y_mpt",
        "width_mpt",
        "height_mpt"
       ],
       "additionalProperties": false
      }
     },
     "required": [
      "kind",
      "source",
      "placement"
     ],
     "additionalProperties": false
    },
    "minItems": 1,
    "maxItems": 64,
    "uniqueItems": true
   },
   "statement_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "locale": {
    "type": "string",
    "pattern": "^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$",
    "maxLength": 12
   },
   "action": {
    "type": "string",
    "enum": [
     "checkbox",
     "click",
     "scroll_and_click",
     "signature",
     "voice"
    ]
   },
   "terminal": {
    "type": "string",
    "enum": [
     "pc",
     "h5",
     "app",
     "mini_program",
     "dingtalk",
     "wecom",
     "api",
     "system"
    ]
   },
   "session": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[!-~]{1,128}$"
    }
   },
   "ip": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "pattern": "^[0-9a-f:.]{2,45}$"
    }
   },
   "user_agent": {
    "$ref": "#/$defs/sealed",
    "x-sealed": {
     "type": "string",
     "minLength": 1,
     "maxLength": 1024
    }
   }
  },
  "required": [
   "party",
   "document",
   "document_sha256",
   "terms",
   "statement_sha256",
   "locale",
   "action",
   "terminal"
  ],
  "additionalProperties": false
 },
 {
  "title": "tsa.registered/1",
  "x-label-zh": "时间戳机构登记",
  "x-label-en": "timestamp authority registered",
  "x-reserved": true,
  "x-custody": false,
  "type": "object",
  "properties": {
   "name": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "root_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "policy_oids": {
    "type": "array",
    "items": {
     "type": "string",
     "pattern": "^[0-2](?:\\.(?:0|[1-9][0-9]{0,38})){1,31}$",
     "maxLength": 128
    },
    "minItems": 1,
    "maxItems": 16,
    "uniqueItems": true
   },
   "imprint_algorithms": {
    "type": "array",
    "items": {
     "type": "string",
     "enum": [
      "sha256",
      "sha384",
      "sha512",
      "sm3"
     ]
    },
    "minItems": 1,
    "maxItems": 4,
    "uniqueItems": true
   },
   "test": {
    "type": "boolean"
   }
  },
  "required": [
   "name",
   "root_sha256",
   "policy_oids",
   "imprint_algorithms",
   "test"
  ],
  "additionalProperties": false
 },
 {
  "title": "tsa.retired/1",
  "x-label-zh": "时间戳机构停用",
  "x-label-en": "timestamp authority retired",
  "x-reserved": true,
  "x-custody": false,
  "type": "object",
  "properties": {
   "name": {
    "type": "string",
    "pattern": "^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$",
    "maxLength": 64
   },
   "root_sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "reason_code": {
    "type": "string",
    "enum": [
     "superseded",
     "certificate_expired",
     "compromised",
     "ceased",
     "operator"
    ]
   }
  },
  "required": [
   "name",
   "root_sha256",
   "reason_code"
  ],
  "additionalProperties": false
 }
];
