extends SceneTree
## Makes a key and a certificate for 127.0.0.1 in `--folder=...`: key.pem and certificate.pem.

const Arguments = preload("arguments.gd")


func _initialize() -> void:
	var folder: String = Arguments.read({})["folder"]
	var crypto = Crypto.new()
	var key = crypto.generate_rsa(2048)
	var certificate = crypto.generate_self_signed_certificate(key, "CN=127.0.0.1,O=test,C=AQ")
	key.save(folder + "/key.pem")
	certificate.save(folder + "/certificate.pem")
	quit()
